/** What the routes of the API ask of a daemon: plain values in, plain JSON out, nothing of HTTP. */
import type { Address, NetworkId } from '../base/ids.ts';
import type {
  MemberChange,
  MemberJson,
  NetworkChange,
  OwnedNetworkJson,
} from './schema/controller.ts';
import type { NetworkJson } from './schema/network.ts';
import type { PeerJson } from './schema/peer.ts';
import type { StatusJson } from './schema/status.ts';

/** A node. */
export interface NodeService {
  status(): StatusJson;
  networks(): NetworkJson[];
  /** Null: not joined. */
  network(id: NetworkId): NetworkJson | null;
  /** Joins, or does nothing where it is joined. */
  join(id: NetworkId): NetworkJson;
  /** @returns whether it was joined */
  leave(id: NetworkId): boolean;
  /** In the order of their addresses. */
  peers(): PeerJson[];
  /** Null: it is none. */
  readonly controller: ControllerService | null;
}

/** A controller. What it acknowledges is kept: a command resolves when it will be there after a crash. */
export interface ControllerService {
  networks(): readonly NetworkId[];
  network(id: NetworkId): OwnedNetworkJson | null;
  /** Makes a network with a free number. Null where none was free. */
  createNetwork(change: NetworkChange): Promise<OwnedNetworkJson | null>;
  /** Null: there is no such network. */
  changeNetwork(id: NetworkId, change: NetworkChange): Promise<OwnedNetworkJson | null>;
  deleteNetwork(id: NetworkId): Promise<OwnedNetworkJson | null>;
  /** Null: there is no such network. */
  members(id: NetworkId): MemberJson[] | null;
  member(id: NetworkId, address: Address): MemberJson | null;
  /** Makes the member where it has not asked yet. Null: there is no such network. */
  changeMember(id: NetworkId, address: Address, change: MemberChange): Promise<MemberJson | null>;
}
