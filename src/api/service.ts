/** What the routes of the API ask of a daemon: plain values in, plain JSON out, nothing of HTTP. */
import type { Address, NetworkId } from '../base/ids.ts';
import type {
  MemberChange,
  MemberJson,
  NetworkChange,
  OwnedNetworkJson,
} from './schema/controller.ts';
import type { MoonJson } from './schema/moon.ts';
import type { NetworkJson, PermissionsChange } from './schema/network.ts';
import type { PeerJson } from './schema/peer.ts';
import type { StatusJson } from './schema/status.ts';

/** A node. */
export interface NodeService {
  status(): StatusJson;
  networks(): NetworkJson[];
  /** Null: not joined. */
  network(id: NetworkId): NetworkJson | null;
  /** Joins, or stays where it is joined; before that allows it what is given. @param token - of an invitation; asks again with it */
  join(id: NetworkId, permissions: PermissionsChange, token: string | null): Promise<NetworkJson>;
  /** @returns whether it was joined */
  leave(id: NetworkId): boolean;
  /** In the order of their addresses. */
  peers(): PeerJson[];
  /** Those that are followed and known. */
  moons(): MoonJson[];
  /** Those that are followed and still looked for: the official service lists none, `/api/v1` does. */
  wantedMoons(): MoonJson[];
  /** Follows a moon, which is asked of a root of it where it is not known. */
  orbit(id: bigint, seed: Address): MoonJson;
  /** @returns whether it was followed */
  deorbit(id: bigint): boolean;
  /** What `local.conf` holds. */
  config(): Readonly<Record<string, unknown>>;
  /** Changes settings in `local.conf`. @throws LOCAL_CONF_INVALID, then nothing has changed */
  setConfig(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Figures for Prometheus, in its text format. */
  metrics(): string;
  /** Null: it is none. */
  readonly controller: ControllerService | null;
}

/** A controller. What its commands promise is kept when they resolve. */
export interface ControllerService {
  networks(): readonly NetworkId[];
  network(id: NetworkId): OwnedNetworkJson | null;
  /** Makes a network with a free number. */
  createNetwork(change: NetworkChange): Promise<OwnedNetworkJson>;
  /** Makes the network where it is not there. */
  changeNetwork(id: NetworkId, change: NetworkChange): Promise<OwnedNetworkJson>;
  /** Null: there is no such network. */
  deleteNetwork(id: NetworkId): Promise<OwnedNetworkJson | null>;
  /** Null: there is no such network. */
  members(id: NetworkId): MemberJson[] | null;
  member(id: NetworkId, address: Address): MemberJson | null;
  /** Makes the member where it has not asked yet. Null: there is no such network. */
  changeMember(id: NetworkId, address: Address, change: MemberChange): Promise<MemberJson | null>;
  /** Puts it out and forgets it. Null: it is not known. */
  deleteMember(id: NetworkId, address: Address): Promise<MemberJson | null>;
}
