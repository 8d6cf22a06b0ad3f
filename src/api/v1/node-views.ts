/**
 * A node as /api/v1 shows it, made of what the API of the official service says: that of our own daemon says the same, so that
 * both are read here. What is not told is null; of a network without a configuration most is not.
 */
import { parseAddress, parseNetworkId, type Address } from '../../base/ids.ts';
import { agoText } from '../../base/ago.ts';
import type { MoonJson } from '../schema/moon.ts';
import type { NetworkJson, NetworkStatusJson, PermissionsChange } from '../schema/network.ts';
import type { PeerJson } from '../schema/peer.ts';
import type { StatusJson } from '../schema/status.ts';
import type {
  JoinedV1,
  JoinStatusV1,
  MoonRequestV1,
  MoonV1,
  NodeV1,
  PeerV1,
  PermissionsPatchV1,
} from '../schema/v1-node.ts';

/** A node at a glance. @param counts - what its other answers say of it */
export function nodeView(
  status: StatusJson,
  counts: Pick<NodeV1, 'hasController' | 'networkCount' | 'peerCount'>,
): NodeV1 {
  const { settings } = status.config;
  const { homeDir } = settings;
  return {
    address: status.address,
    identity: status.publicIdentity,
    version: status.version,
    isOnline: status.online,
    port: settings.primaryPort,
    planet: {
      // A number there: of an id that is no exact number nothing can be said.
      id: Number.isSafeInteger(status.planetWorldId)
        ? status.planetWorldId.toString(16).padStart(16, '0')
        : null,
      timestamp: timeOf(status.planetWorldTimestamp),
    },
    listeningOn: settings.listeningOn ?? null,
    seenAt: settings.surfaceAddresses ?? null,
    drops: countsOf(status['drops']),
    ...counts,
    home: typeof homeDir === 'string' && homeDir !== '' ? homeDir : null,
  };
}

const roles = { LEAF: 'leaf', PLANET: 'root', MOON: 'moon' } as const;

/** A node that is known. */
export function peerView({ address, role, version, latency, paths }: PeerJson): PeerV1 {
  const isDirect = paths.some((path) => path.preferred && path.active && !path.expired);
  return {
    address,
    role: roles[role],
    version: version.startsWith('-') ? null : version,
    // What was measured of a path says nothing of the way over a root.
    latencyMs: isDirect && latency >= 0 ? latency : null,
    isDirect,
    paths: paths.map((path) => ({
      endpoint: path.address,
      isPreferred: path.preferred,
      isActive: path.active && !path.expired,
      lastReceivedAt: timeOf(path.lastReceive),
      lastSentAt: timeOf(path.lastSend),
    })),
  };
}

/** How it stands with a network that was joined, in our words. */
export const joinStatuses: Readonly<Record<NetworkStatusJson, JoinStatusV1>> = {
  REQUESTING_CONFIGURATION: 'requesting-configuration',
  OK: 'ok',
  ACCESS_DENIED: 'access-denied',
  NOT_FOUND: 'not-found',
  PORT_ERROR: 'port-error',
  CLIENT_TOO_OLD: 'client-too-old',
  AUTHENTICATION_REQUIRED: 'authentication-required',
};

/** A network that was joined. @param nowMs - by the clock of the node, since the epoch */
export function joinedView(json: NetworkJson, nowMs: number): JoinedV1 {
  const isConfigured = json.status === 'OK' || json.netconfRevision > 0;
  const { allowManagedIn, allowManaged, allowGlobal, allowDefault, allowDNS } = json;
  return {
    id: json.id,
    name: isConfigured ? json.name : null,
    status: joinStatuses[json.status],
    why: joinedSentence(json, nowMs),
    device: json.portDeviceName === '' ? null : json.portDeviceName,
    mac: json.mac === '' ? null : json.mac,
    mtu: isConfigured ? json.mtu : null,
    addresses: json.assignedAddresses,
    routes: json.routes.map(({ target, via }) => ({ target, via })),
    dns:
      isConfigured && json.dns !== undefined
        ? { domain: json.dns.domain, servers: json.dns.servers }
        : null,
    permissions: {
      managed: allowManaged === true && allowManagedIn ? allowManagedIn : flag(allowManaged),
      global: flag(allowGlobal),
      default: flag(allowDefault),
      dns: flag(allowDNS),
    },
    askedAt: timeOf(json.lastRequestTime ?? 0),
    type: isConfigured ? (json.type === 'PUBLIC' ? 'public' : 'private') : null,
    isBridge: isConfigured ? json.bridge : null,
  };
}

/** `asked the controller 8056c2e21c 3 s ago`. */
export function askedText(
  { id, lastRequestTime }: Pick<NetworkJson, 'id' | 'lastRequestTime'>,
  nowMs: number,
): string {
  const controller = id.slice(0, 10);
  if (lastRequestTime === undefined) return `asking the controller ${controller}`;
  return `asked the controller ${controller} ${agoText(Math.max(0, nowMs - lastRequestTime))}`;
}

/** What a network that was joined waits for. */
export function waitsFor(status: NetworkStatusJson): string {
  switch (status) {
    case 'OK':
      return 'waiting for its device';
    case 'REQUESTING_CONFIGURATION':
      return 'waiting for its answer';
    case 'ACCESS_DENIED':
      return 'waiting to be authorised';
    case 'NOT_FOUND':
      return 'its controller knows no such network';
    case 'PORT_ERROR':
      return 'its device could not be made';
    case 'CLIENT_TOO_OLD':
      return 'its controller wants a newer version of this program';
    case 'AUTHENTICATION_REQUIRED':
      return 'waiting for somebody to sign on';
  }
}

function joinedSentence(json: NetworkJson, nowMs: number): string {
  const isTold = json.lastRequestTime !== undefined;
  const isThere = json.status === 'OK' && json.portDeviceName !== '';
  if (isThere && !isTold) return 'joined';
  return `${askedText(json, nowMs)}; ${isThere ? 'joined' : waitsFor(json.status)}`;
}

/** A change of what is allowed, in the words of the official service. */
export function permissionsChange(patch: PermissionsPatchV1 = {}): PermissionsChange {
  return {
    ...(patch.managed === undefined ? {} : { allowManaged: patch.managed }),
    ...(patch.global === undefined ? {} : { allowGlobal: patch.global }),
    ...(patch.default === undefined ? {} : { allowDefault: patch.default }),
    ...(patch.dns === undefined ? {} : { allowDNS: patch.dns }),
  };
}

/** A moon that is followed. */
export function moonView({ id, waiting, timestamp, roots }: MoonJson): MoonV1 {
  return {
    id,
    isWaiting: waiting,
    timestamp: timeOf(timestamp),
    roots: roots.map(({ identity, stableEndpoints }) => ({
      identity,
      endpoints: [...stableEndpoints],
    })),
  };
}

/** The moon that is to be followed, and of whom it is asked: its id is that of its first root, unless another one is named. */
export function moonOf({ id, seed }: MoonRequestV1): {
  readonly id: bigint;
  readonly seed: Address;
} {
  const moon = parseNetworkId(id.padStart(16, '0')) ?? 0n;
  return { id: moon, seed: parseAddress(seed ?? id.slice(-10)) ?? (0 as Address) };
}

/** 0 stands for never. */
function timeOf(ms: number): number | null {
  return ms > 0 ? ms : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function countsOf(value: unknown): NodeV1['drops'] {
  if (typeof value !== 'object' || value === null) return null;
  const counts = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(counts);
}
