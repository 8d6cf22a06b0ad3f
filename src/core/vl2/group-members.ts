/**
 * Who is in which multicast group of which network, as far as this node was told: by MULTICAST_LIKE, or in answers to
 * MULTICAST_GATHER (vl2 3.3, 3.4).
 *
 * A member knows this of its networks, a root of every network. Each entry ends 600 s after it was last told. The table is
 * bounded as a whole, and by who tells: nobody can fill it alone. What finds no room is not kept, and counted.
 */
import type { Address, NetworkId } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';

/** How long a node stays in a group, ms. */
export const groupMemberMs = 600_000;
/** Entries of the whole table. */
export const groupMembersMax = 131_072;
/** Groups that one node may say that it is in. */
export const groupsPerSenderMax = 2_048;

/** A text for a group: equal for equal groups and for no others. */
export function groupKey({ mac, adi }: MulticastGroup): string {
  return `${mac}/${adi}`;
}

/** What each member of a group ends at, `monoMs`. */
type Members = Map<Address, number>;

/** The table. Times are `monoMs`. */
export class GroupMembers {
  readonly #networks = new Map<NetworkId, Map<string, Members>>();
  readonly #countBySender = new Map<Address, number>();
  readonly #membersMax: number;
  #size = 0;
  /** Entries that found no room. */
  refused = 0;

  /** @param membersMax - entries of the whole table */
  constructor(membersMax: number = groupMembersMax) {
    this.#membersMax = membersMax;
  }

  /** Entries that are held, ended ones that were not swept yet among them. */
  get size(): number {
    return this.#size;
  }

  /** Puts a node into a group, or keeps it there. @returns whether it is new there */
  add(nowMs: number, networkId: NetworkId, group: MulticastGroup, member: Address): boolean {
    const key = groupKey(group);
    const known = this.#networks.get(networkId)?.get(key);
    const endsAtMs = known?.get(member);
    if (known !== undefined && endsAtMs !== undefined) {
      known.set(member, nowMs + groupMemberMs);
      return endsAtMs <= nowMs;
    }
    const count = this.#countBySender.get(member) ?? 0;
    if (this.#size >= this.#membersMax || count >= groupsPerSenderMax) {
      this.refused++;
      return false;
    }
    const groups = getOrMake(this.#networks, networkId, () => new Map<string, Members>());
    getOrMake(groups, key, (): Members => new Map()).set(member, nowMs + groupMemberMs);
    this.#countBySender.set(member, count + 1);
    this.#size++;
    return true;
  }

  /** Takes a node out of a group. */
  remove(networkId: NetworkId, group: MulticastGroup, member: Address): void {
    const groups = this.#networks.get(networkId);
    const key = groupKey(group);
    const members = groups?.get(key);
    if (groups === undefined || members?.has(member) !== true) return;
    this.#delete(members, member);
    if (members.size === 0) groups.delete(key);
    if (groups.size === 0) this.#networks.delete(networkId);
  }

  /** Who is in a group, new. */
  of(nowMs: number, networkId: NetworkId, group: MulticastGroup): Address[] {
    const members = this.#networks.get(networkId)?.get(groupKey(group));
    const found: Address[] = [];
    if (members === undefined) return found;
    for (const [member, endsAtMs] of members) if (endsAtMs > nowMs) found.push(member);
    return found;
  }

  /** Forgets a network: it was left. */
  forget(networkId: NetworkId): void {
    const groups = this.#networks.get(networkId);
    if (groups === undefined) return;
    for (const members of groups.values())
      for (const member of members.keys()) this.#delete(members, member);
    this.#networks.delete(networkId);
  }

  /** Forgets what has ended. */
  sweep(nowMs: number): void {
    for (const [networkId, groups] of this.#networks) {
      for (const [key, members] of groups) {
        for (const [member, endsAtMs] of members)
          if (endsAtMs <= nowMs) this.#delete(members, member);
        if (members.size === 0) groups.delete(key);
      }
      if (groups.size === 0) this.#networks.delete(networkId);
    }
  }

  #delete(members: Members, member: Address): void {
    members.delete(member);
    this.#size--;
    const count = (this.#countBySender.get(member) ?? 1) - 1;
    if (count === 0) this.#countBySender.delete(member);
    else this.#countBySender.set(member, count);
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
