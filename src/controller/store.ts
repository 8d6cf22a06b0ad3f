/** Where a controller keeps its networks and members: a port, and one that forgets. */
import type { Address, NetworkId } from '../base/ids.ts';
import type { AuditEntry, AuditQuery } from './access/audit-entry.ts';
import type { TokenRecord } from './access/token-record.ts';
import type { InviteRecord } from './invite-record.ts';
import type { MemberRecord } from './member-record.ts';
import type { NetworkRecord } from './network-record.ts';

/** Everything that is kept. */
export interface StoredState {
  readonly networks: readonly NetworkRecord[];
  readonly members: readonly MemberRecord[];
  readonly invites: readonly InviteRecord[];
  readonly tokens: readonly TokenRecord[];
}

/** Nothing. */
export const emptyState: StoredState = { networks: [], members: [], invites: [], tokens: [] };

/** One change. A network that goes takes its members and invitations with it. */
export type StoreChange =
  | { readonly kind: 'network'; readonly record: NetworkRecord }
  | { readonly kind: 'network-deleted'; readonly networkId: NetworkId }
  | { readonly kind: 'member'; readonly record: MemberRecord }
  | {
      readonly kind: 'member-deleted';
      readonly networkId: NetworkId;
      readonly address: Address;
    }
  | { readonly kind: 'invite'; readonly record: InviteRecord }
  | { readonly kind: 'invite-deleted'; readonly networkId: NetworkId; readonly id: string }
  | { readonly kind: 'token'; readonly record: TokenRecord }
  | { readonly kind: 'token-deleted'; readonly id: string }
  /** A line of the log; it stays when what it speaks of goes. */
  | { readonly kind: 'audit'; readonly entry: AuditEntry };

/** What makes each list of a state again. Networks come first: what belongs to one follows it. */
const makers: {
  readonly [Kind in keyof StoredState]: (record: StoredState[Kind][number]) => StoreChange;
} = {
  networks: (record) => ({ kind: 'network', record }),
  members: (record) => ({ kind: 'member', record }),
  invites: (record) => ({ kind: 'invite', record }),
  tokens: (record) => ({ kind: 'token', record }),
};

/** The lists of a state, in an order in which they can be made again. */
export const stateKinds = Object.keys(makers) as readonly (keyof StoredState)[];

/** The changes that make a state out of nothing. */
export function changesOf(state: StoredState): StoreChange[] {
  return stateKinds.flatMap((kind) => changesOfKind(kind, state[kind]));
}

function changesOfKind<Kind extends keyof StoredState>(
  kind: Kind,
  list: StoredState[Kind],
): StoreChange[] {
  const records: readonly StoredState[Kind][number][] = list;
  return records.map(makers[kind]);
}

/** The port. Synchronous and without an answer: the edge writes when it can, in order. */
export interface Store {
  /** Called once, before anything else. */
  load(): StoredState;
  /** @param change - kept; records are never changed afterwards */
  save(change: StoreChange): void;
}

/** A store whose changes outlive the process. */
export interface DurableStore extends Store {
  /** Resolves when everything that was saved until now will be there after a crash; rejects where it could not be written. */
  flushed(): Promise<void>;
  /** Lines of the audit log that are kept, the newest first. */
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

/** Lines of the audit log that are kept; the oldest go. */
export const auditMax = 100_000;

/** Keeps everything as long as it lives itself, which is all that its `flushed` says. */
export class MemoryStore implements DurableStore {
  readonly #networks = new Map<NetworkId, NetworkRecord>();
  readonly #members = new Map<NetworkId, Map<Address, MemberRecord>>();
  readonly #invites = new Map<NetworkId, Map<string, InviteRecord>>();
  readonly #tokens = new Map<string, TokenRecord>();
  /** The oldest first. */
  readonly #audit: AuditEntry[] = [];

  load(): StoredState {
    return {
      networks: [...this.#networks.values()],
      members: [...this.#members.values()].flatMap((members) => [...members.values()]),
      invites: [...this.#invites.values()].flatMap((invites) => [...invites.values()]),
      tokens: [...this.#tokens.values()],
    };
  }

  flushed(): Promise<void> {
    return Promise.resolve();
  }

  audit({ before, network, subject, limit }: AuditQuery): Promise<readonly AuditEntry[]> {
    const found = this.#audit.filter(
      (entry) =>
        (before === undefined || entry.id < before) &&
        (network === undefined || entry.network === network) &&
        (subject === undefined || JSON.stringify(entry).includes(JSON.stringify(subject))),
    );
    return Promise.resolve(found.reverse().slice(0, limit));
  }

  save(change: StoreChange): void {
    switch (change.kind) {
      case 'network':
        this.#networks.set(change.record.networkId, change.record);
        return;
      case 'network-deleted':
        this.#networks.delete(change.networkId);
        this.#members.delete(change.networkId);
        this.#invites.delete(change.networkId);
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
      case 'invite': {
        const { networkId, id } = change.record;
        const invites = this.#invites.get(networkId) ?? new Map<string, InviteRecord>();
        this.#invites.set(networkId, invites.set(id, change.record));
        return;
      }
      case 'invite-deleted':
        this.#invites.get(change.networkId)?.delete(change.id);
        return;
      case 'token':
        this.#tokens.set(change.record.id, change.record);
        return;
      case 'token-deleted':
        this.#tokens.delete(change.id);
        return;
      case 'audit':
        this.#audit.push(change.entry);
        if (this.#audit.length > auditMax) this.#audit.shift();
        return;
    }
  }
}
