/** Where a controller keeps its networks and members: a port, and one that forgets. */
import type { Address, NetworkId } from '../base/ids.ts';
import type { MemberRecord } from './member-record.ts';
import type { NetworkRecord } from './network-record.ts';

/** Everything that is kept. */
export interface StoredState {
  readonly networks: readonly NetworkRecord[];
  readonly members: readonly MemberRecord[];
}

/** One change. A network that goes takes its members with it. */
export type StoreChange =
  | { readonly kind: 'network'; readonly record: NetworkRecord }
  | { readonly kind: 'network-deleted'; readonly networkId: NetworkId }
  | { readonly kind: 'member'; readonly record: MemberRecord }
  | {
      readonly kind: 'member-deleted';
      readonly networkId: NetworkId;
      readonly address: Address;
    };

/** The port. Synchronous and without an answer: the edge writes when it can, in order. */
export interface Store {
  /** Called once, before anything else. */
  load(): StoredState;
  /** @param change - kept; records are never changed afterwards */
  save(change: StoreChange): void;
}

/** Keeps everything as long as it lives itself. */
export class MemoryStore implements Store {
  readonly #networks = new Map<NetworkId, NetworkRecord>();
  readonly #members = new Map<NetworkId, Map<Address, MemberRecord>>();

  load(): StoredState {
    return {
      networks: [...this.#networks.values()],
      members: [...this.#members.values()].flatMap((members) => [...members.values()]),
    };
  }

  save(change: StoreChange): void {
    switch (change.kind) {
      case 'network':
        this.#networks.set(change.record.networkId, change.record);
        return;
      case 'network-deleted':
        this.#networks.delete(change.networkId);
        this.#members.delete(change.networkId);
        return;
      case 'member': {
        const { networkId, address } = change.record;
        const members = this.#members.get(networkId) ?? new Map<Address, MemberRecord>();
        this.#members.set(networkId, members.set(address, change.record));
        return;
      }
      case 'member-deleted':
        this.#members.get(change.networkId)?.delete(change.address);
        return;
    }
  }
}
