/** A node as the API shows it and lets it be told. Source: management.md 1.1, 1.3 to 1.7. */
import { formatAddress, formatMac, formatU64, type NetworkId } from '../base/ids.ts';
import type { NetworkStatusJson, NetworkJson } from '../api/schema/network.ts';
import type { PermissionsChange } from '../api/schema/network.ts';
import type { PeerJson } from '../api/schema/peer.ts';
import type { StatusJson } from '../api/schema/status.ts';
import type { ControllerService, NodeService } from '../api/service.ts';
import { softwareVersion } from '../core/constants.ts';
import type { NetworkStatus } from '../core/events.ts';
import type { NetworkView } from '../core/vl2/network-view.ts';
import type { Networks } from '../core/vl2/networks.ts';
import type { Node } from '../core/node.ts';
import type { IpPrefix, Now } from '../core/ports.ts';
import type { PathStatus, PeerStatus } from '../core/vl1/views.ts';
import { overspanVersion } from '../sys/version.ts';
import { formatIdentity, type Identity } from '../wire/identity.ts';
import { broadcastGroup, sameGroup } from '../wire/multicast-group.ts';
import type { Drive } from './drive.ts';
import type { NetworkPermissions } from './managed-state.ts';
import { moonJson, waitingMoonJson } from './moon-json.ts';
import type { Taps } from './taps.ts';

/** What the service speaks for. */
export interface NodeServiceParts {
  readonly drive: Drive;
  readonly node: Node;
  readonly networks: Networks;
  readonly taps: Taps;
  readonly identity: Identity;
  readonly homeDirectory: string;
  /** UDP and TCP. */
  readonly port: number;
  readonly controller: ControllerService | null;
  readonly permissionsOf: (id: NetworkId) => NetworkPermissions;
  /** Resolves when they count. */
  readonly allow: (id: NetworkId, change: PermissionsChange) => Promise<void>;
  /** What `local.conf` holds. */
  readonly config: () => Readonly<Record<string, unknown>>;
  readonly setConfig: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly metrics: () => string;
}

/** The service of a node. */
export function nodeService(parts: NodeServiceParts): NodeService {
  const { drive, node, networks, taps } = parts;
  const view = (id: NetworkId): NetworkView | null =>
    networks.views(drive.now()).find((each) => each.id === id) ?? null;
  const json = (each: NetworkView): NetworkJson =>
    networkJson(each, parts.permissionsOf(each.id), taps, drive.now());
  const network = (id: NetworkId): NetworkJson | null => {
    const found = view(id);
    return found === null ? null : json(found);
  };
  return {
    status: () => statusJson(parts, drive.now()),
    networks: () =>
      [...networks.views(drive.now())].sort((a, b) => (a.id < b.id ? -1 : 1)).map(json),
    network,
    join: async (id, permissions, token) => {
      // First what it may do here, then the network.
      await parts.allow(id, permissions);
      // Asking again for what is joined would be answered with nothing new.
      if (view(id) === null || token !== null)
        drive.command((now) => {
          node.join(now, id, token === null ? {} : { token });
        });
      return network(id) as NetworkJson;
    },
    leave: (id) => {
      const wasJoined = view(id) !== null;
      if (wasJoined)
        drive.command((now) => {
          node.leave(now, id);
        });
      return wasJoined;
    },
    peers: () => {
      const now = drive.now();
      return node
        .peers(now)
        .map((peer) => peerJson(peer, now))
        .sort((a, b) => (a.address < b.address ? -1 : 1));
    },
    moons: () => node.moons.map(moonJson),
    wantedMoons: () => node.wantedMoons.map(waitingMoonJson),
    orbit: (id, seed) => {
      drive.command((now) => {
        node.orbit(now, id, seed);
      });
      const known = node.moons.find((moon) => moon.id === id);
      return known === undefined ? waitingMoonJson(id) : moonJson(known);
    },
    deorbit: (id) => {
      const wasFollowed = node.follows(id);
      if (wasFollowed)
        drive.command((now) => {
          node.deorbit(now, id);
        });
      return wasFollowed;
    },
    config: parts.config,
    setConfig: parts.setConfig,
    metrics: parts.metrics,
    controller: parts.controller,
  };
}

function statusJson(parts: NodeServiceParts, now: Now): StatusJson {
  const { node, identity, homeDirectory, port } = parts;
  const status = node.status(now);
  const config = parts.config();
  const version = overspanVersion();
  const [major = 0, minor = 0, revision = 0] = version.split('.').map((part) => parseInt(part, 10));
  return {
    address: formatAddress(identity.address),
    clock: now.wallMs,
    config: {
      ...config,
      settings: {
        ...(config['settings'] as object | undefined),
        allowTcpFallbackRelay: false,
        forceTcpRelay: false,
        homeDir: homeDirectory,
        listeningOn: [...status.sockets],
        portMappingEnabled: false,
        primaryPort: port,
        secondaryPort: 0,
        softwareUpdate: 'disable',
        softwareUpdateChannel: 'release',
        surfaceAddresses: [...status.seenAt],
        tertiaryPort: 0,
      },
    },
    // Where a packet that was dropped was dropped: ours alone.
    drops: status.drops,
    online: status.isOnline,
    planetWorldId: Number(BigInt(`0x${status.planet.id}`)),
    planetWorldTimestamp: status.planet.timestamp,
    protocolVersion: `${softwareVersion.major}.${softwareVersion.minor}.${softwareVersion.revision}`,
    publicIdentity: formatIdentity(identity),
    tcpFallbackActive: false,
    version,
    versionBuild: 0,
    versionMajor: major,
    versionMinor: minor,
    versionRev: revision,
  };
}

/** The same in the words of the official service. */
export const statusNames: Readonly<Record<NetworkStatus, NetworkStatusJson>> = {
  requesting: 'REQUESTING_CONFIGURATION',
  ok: 'OK',
  'access-denied': 'ACCESS_DENIED',
  'not-found': 'NOT_FOUND',
  'authentication-required': 'AUTHENTICATION_REQUIRED',
  'port-error': 'PORT_ERROR',
  'client-too-old': 'CLIENT_TOO_OLD',
};

function networkJson(
  view: NetworkView,
  permissions: NetworkPermissions,
  taps: Taps,
  now: Now,
): NetworkJson {
  const { asked } = view;
  const id = formatU64(view.id);
  const { signOnUrl } = asked;
  const { allowManaged, allowDNS, allowDefault, allowGlobal } = permissions;
  return {
    allowDNS,
    allowDefault,
    allowGlobal,
    allowManaged: allowManaged !== false,
    ...(typeof allowManaged === 'boolean' ? {} : { allowManagedIn: allowManaged.map(prefixText) }),
    // All that it was given: what is not allowed is not applied.
    assignedAddresses: view.addresses.map(prefixText),
    bridge: view.isActiveBridge,
    broadcastEnabled: view.hasBroadcast,
    dhcp: false,
    dns: { domain: view.dnsDomain, servers: [...view.dnsServers] },
    id,
    mac: formatMac(view.mac),
    mtu: view.mtu,
    // Broadcast as such is not among them: broadcastEnabled says it.
    multicastSubscriptions: view.groups
      .filter((group) => !sameGroup(group, broadcastGroup))
      .sort((a, b) => a.mac - b.mac || a.adi - b.adi)
      .map(({ mac, adi }) => ({ adi, mac: formatMac(mac) })),
    name: view.name,
    netconfRevision: Number(view.revision),
    nwid: id,
    portDeviceName: taps.deviceOf(view.id) ?? '',
    portError: 0,
    routes: view.routes.map(({ target, via }) => ({
      flags: 0,
      metric: 0,
      target: prefixText(target),
      via,
    })),
    status: statusNames[view.status],
    type: view.isPublic ? 'PUBLIC' : 'PRIVATE',
    ...(signOnUrl === null ? {} : { authenticationURL: signOnUrl, ssoEnabled: true }),
    ...(asked.askedAgoMs === null
      ? {}
      : { lastRequestTime: Math.round(now.wallMs - asked.askedAgoMs) }),
  };
}

const roleNames = { root: 'PLANET', moon: 'MOON', leaf: 'LEAF' } as const;

function peerJson(peer: PeerStatus, now: Now): PeerJson {
  const { version } = peer;
  const [major, minor, revision] =
    version === null ? [-1, -1, -1] : [version.major, version.minor, version.revision];
  return {
    address: peer.address,
    isBonded: false,
    latency: peer.latencyMs === null ? -1 : Math.round(peer.latencyMs),
    paths: peer.paths.map((path) => pathJson(path, now)),
    role: roleNames[peer.role],
    tunneled: false,
    version: `${major}.${minor}.${revision}`,
    versionMajor: major,
    versionMinor: minor,
    versionRev: revision,
  };
}

function pathJson(path: PathStatus, now: Now): PeerJson['paths'][number] {
  const at = (agoMs: number | null): number =>
    agoMs === null ? 0 : Math.round(now.wallMs - agoMs);
  return {
    active: path.isActive,
    address: path.endpoint,
    expired: !path.isActive,
    lastReceive: at(path.lastReceiveMs),
    lastSend: at(path.lastSendMs),
    localPort: 0,
    localSocket: 0,
    preferred: path.isPreferred,
    trustedPathId: 0,
  };
}

function prefixText({ ip, bits }: IpPrefix): string {
  return `${ip}/${bits}`;
}
