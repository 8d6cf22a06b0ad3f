/**
 * Changes that wait to be written: of each record only the last one. Their order among each other does not matter but for
 * one thing: a network that goes takes its members with it, and what comes after under the same number is new.
 */
import { formatAddress, formatU64, type NetworkId } from '../../base/ids.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import type { AuditEntry } from '../../controller/access/audit-entry.ts';
import type { TokenRecord } from '../../controller/access/token-record.ts';
import type { InviteRecord } from '../../controller/invite-record.ts';
import type { MemberRecord } from '../../controller/member-record.ts';
import type { NetworkRecord } from '../../controller/network-record.ts';
import { auditMax, type StoreChange } from '../../controller/store.ts';
import type { RowChanges } from './rows.ts';

interface PendingNetwork {
  /** It, and all members that it had, go first. */
  isDeleted: boolean;
  record: NetworkRecord | null;
  /** By address, 10 digits; null: the member goes. */
  readonly members: Map<string, MemberRecord | null>;
  /** By id; null: the invitation goes. */
  readonly invites: Map<string, InviteRecord | null>;
}

/** At most one of each record that the controller holds, and one of each that is gone. */
export class PendingChanges {
  readonly #networks = new Map<NetworkId, PendingNetwork>();
  /** By id; null: the token goes. */
  readonly #tokens = new Map<string, TokenRecord | null>();
  /** From the oldest on; as many as there were commands. */
  #audit: AuditEntry[] = [];

  get isEmpty(): boolean {
    return this.#networks.size === 0 && this.#tokens.size === 0 && this.#audit.length === 0;
  }

  /** Notes a change. Its record is kept and never changed. */
  add(change: StoreChange): void {
    switch (change.kind) {
      case 'network':
        this.#of(change.record.networkId).record = change.record;
        return;
      case 'network-deleted':
        this.#networks.set(change.networkId, pendingNetwork(true));
        return;
      case 'member': {
        const { networkId, address } = change.record;
        this.#of(networkId).members.set(formatAddress(address), change.record);
        return;
      }
      case 'member-deleted':
        this.#of(change.networkId).members.set(formatAddress(change.address), null);
        return;
      case 'invite':
        this.#of(change.record.networkId).invites.set(change.record.id, change.record);
        return;
      case 'invite-deleted':
        this.#of(change.networkId).invites.set(change.id, null);
        return;
      case 'token':
        this.#tokens.set(change.record.id, change.record);
        return;
      case 'token-deleted':
        this.#tokens.set(change.id, null);
        return;
      case 'audit':
        this.#audit.push(change.entry);
        if (this.#audit.length > auditMax) this.#audit = this.#audit.slice(-auditMax / 2);
        return;
    }
  }

  /** Puts these before others that came later. @param later - not to be used afterwards */
  followedBy(later: PendingChanges): void {
    for (const [id, after] of later.#networks) {
      const before = this.#networks.get(id);
      if (before === undefined || after.isDeleted) {
        this.#networks.set(id, after);
        continue;
      }
      before.record = after.record ?? before.record;
      for (const [address, member] of after.members) before.members.set(address, member);
      for (const [invite, record] of after.invites) before.invites.set(invite, record);
    }
    for (const [id, token] of later.#tokens) this.#tokens.set(id, token);
    this.#audit = [...this.#audit, ...later.#audit].slice(-auditMax);
  }

  /** The same as rows. */
  rows(): RowChanges {
    const deletedNetworks: string[] = [];
    const networks: { network_id: string; data: string }[] = [];
    const deletedMembers: { network_id: string; address: string }[] = [];
    const members: { network_id: string; address: string; data: string }[] = [];
    const deletedInvites: { network_id: string; invite_id: string }[] = [];
    const invites: { network_id: string; invite_id: string; data: string }[] = [];
    for (const [id, pending] of this.#networks) {
      const network_id = formatU64(id);
      if (pending.isDeleted) deletedNetworks.push(network_id);
      if (pending.record !== null)
        networks.push({ network_id, data: toTaggedJson(pending.record) });
      for (const [address, record] of pending.members)
        if (record === null) deletedMembers.push({ network_id, address });
        else members.push({ network_id, address, data: toTaggedJson(record) });
      for (const [invite_id, record] of pending.invites)
        if (record === null) deletedInvites.push({ network_id, invite_id });
        else invites.push({ network_id, invite_id, data: toTaggedJson(record) });
    }
    const tokens = [...this.#tokens];
    return {
      ...{ deletedNetworks, networks, deletedMembers, members, deletedInvites, invites },
      deletedTokens: tokens.flatMap(([id, record]) => (record === null ? [id] : [])),
      tokens: tokens.flatMap(([token_id, record]) =>
        record === null ? [] : [{ token_id, data: toTaggedJson(record) }],
      ),
      audit: this.#audit.map((entry) => ({
        entry_id: entry.id,
        network_id: entry.network,
        data: toTaggedJson(entry),
      })),
    };
  }

  #of(id: NetworkId): PendingNetwork {
    const known = this.#networks.get(id);
    if (known !== undefined) return known;
    const pending = pendingNetwork(false);
    this.#networks.set(id, pending);
    return pending;
  }
}

function pendingNetwork(isDeleted: boolean): PendingNetwork {
  return { isDeleted, record: null, members: new Map(), invites: new Map() };
}
