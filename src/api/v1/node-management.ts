/**
 * A node as the routes of /api/v1 ask it, over anything that answers in the shapes of the official service: the node of our own
 * daemon, or a client of an official one.
 */
import { formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import { escapeText } from '../../base/escape.ts';
import { parseJoinText } from '../../base/join-text.ts';
import { apiError } from '../errors.ts';
import type { MoonJson } from '../schema/moon.ts';
import type { NetworkJson, PermissionsChange } from '../schema/network.ts';
import type { PeerJson } from '../schema/peer.ts';
import type { StatusJson } from '../schema/status.ts';
import type {
  FreeRangeV1,
  JoinedV1,
  JoinRequestV1,
  LogLineV1,
  MoonRequestV1,
  MoonV1,
  NodeV1,
  PeerV1,
  PermissionsPatchV1,
  SettingsV1,
} from '../schema/v1-node.ts';
import {
  joinedView,
  moonOf,
  moonView,
  nodeView,
  peerView,
  permissionsChange,
} from './node-views.ts';

/** At once, or later. */
export type Answered<T> = T | Promise<T>;

/** What the routes ask of a node. Commands throw API_BODY_INVALID, NETWORK_NOT_JOINED, and what changing throws. */
export interface NodeManagement {
  status(): Answered<NodeV1>;
  peers(): Answered<readonly PeerV1[]>;
  /** Networks that it has joined. */
  networks(): Answered<readonly JoinedV1[]>;
  network(id: NetworkId): Answered<JoinedV1>;
  /** Joins, or stays where it is joined. */
  join(request: JoinRequestV1): Answered<JoinedV1>;
  /** What the network may do here. */
  permit(id: NetworkId, permissions: PermissionsPatchV1): Answered<JoinedV1>;
  leave(id: NetworkId): Answered<void>;
  moons(): Answered<readonly MoonV1[]>;
  orbit(request: MoonRequestV1): Answered<MoonV1>;
  deorbit(id: bigint): Answered<void>;
  /** What `local.conf` holds. */
  settings(): Answered<SettingsV1>;
  /** Changes its `settings`. */
  changeSettings(settings: SettingsV1): Answered<SettingsV1>;
  /** The last lines of its log, the oldest first. */
  log(limit: number): Answered<readonly LogLineV1[]>;
  freeRange(): Answered<FreeRangeV1>;
}

/** What says it, in the shapes of the official service. */
export interface NodeSource {
  status(): Answered<StatusJson>;
  networks(): Answered<readonly NetworkJson[]>;
  /** Null: not joined. */
  network(id: NetworkId): Answered<NetworkJson | null>;
  /** Joins, or stays where it is joined; before that allows it what is given. @param token - of an invitation */
  join(id: NetworkId, permissions: PermissionsChange, token: string | null): Answered<NetworkJson>;
  /** @returns whether it was joined */
  leave(id: NetworkId): Answered<boolean>;
  peers(): Answered<readonly PeerJson[]>;
  moons(): Answered<readonly MoonJson[]>;
  /** Those that are still looked for; none of a service that does not tell. */
  wantedMoons(): Answered<readonly MoonJson[]>;
  orbit(id: bigint, seed: Address): Answered<MoonJson>;
  deorbit(id: bigint): Answered<unknown>;
  config(): Answered<SettingsV1>;
  setConfig(settings: SettingsV1): Answered<void>;
}

/** What a node is told with. */
export interface NodeParts extends Pick<NodeManagement, 'log' | 'freeRange'> {
  readonly source: NodeSource;
  readonly hasController: () => Answered<boolean>;
  /** By the clock of the node, since the epoch. */
  readonly wallMs: () => number;
}

/** See the head of this file. */
export function nodeManagement(parts: NodeParts): NodeManagement {
  const { source, wallMs } = parts;
  const shown = (json: NetworkJson): JoinedV1 => joinedView(json, wallMs());
  const joined = async (id: NetworkId): Promise<NetworkJson> => {
    const network = await source.network(id);
    if (network === null) throw notJoined(id);
    return network;
  };
  return {
    status: async () => {
      const [status, networks, peers, hasController] = await Promise.all([
        source.status(),
        source.networks(),
        source.peers(),
        parts.hasController(),
      ]);
      const [networkCount, peerCount] = [networks.length, peers.length];
      return nodeView(status, { hasController, networkCount, peerCount });
    },
    peers: async () => (await source.peers()).map(peerView),
    networks: async () => (await source.networks()).map(shown),
    network: async (id) => shown(await joined(id)),
    join: async ({ network, permissions }) => {
      const what = parseJoinText(network);
      if (what === null) throw noNetwork(network);
      return shown(await source.join(what.id, permissionsChange(permissions), what.token));
    },
    permit: async (id, permissions) => {
      await joined(id);
      return shown(await source.join(id, permissionsChange(permissions), null));
    },
    leave: async (id) => {
      if (!(await source.leave(id))) throw notJoined(id);
    },
    moons: async () => [...(await source.moons()), ...(await source.wantedMoons())].map(moonView),
    orbit: async (request) => {
      const { id, seed } = moonOf(request);
      return moonView(await source.orbit(id, seed));
    },
    deorbit: async (id) => {
      await source.deorbit(id);
    },
    settings: () => source.config(),
    changeSettings: async (settings) => {
      await source.setConfig(settings);
      return await source.config();
    },
    log: (limit) => parts.log(limit),
    freeRange: () => parts.freeRange(),
  };
}

function notJoined(id: NetworkId): Error {
  const network = formatU64(id);
  return apiError('NETWORK_NOT_JOINED', `this node is not in network ${network}`, {
    remedy: `join it: overspan join ${network}`,
    details: { network },
  });
}

/** An invitation that was cut off may still be worth something to somebody: it is not repeated. */
function noNetwork(text: string): Error {
  const shown = text.includes('-') ? 'that' : `"${escapeText(text, 64)}"`;
  return apiError('API_BODY_INVALID', `${shown} is neither a network nor an invitation`, {
    remedy: 'send the 16 digits of a network, or all of an invitation: overspan invite create',
  });
}
