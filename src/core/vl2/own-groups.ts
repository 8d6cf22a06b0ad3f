/**
 * The multicast groups of one network that this node wants to hear (vl2 4.1): those of its host, those that its addresses
 * need to be found, broadcast where the network has it, and those of hosts behind it when it is a bridge.
 */
import type { InetAddress } from '../../wire/inet-address.ts';
import {
  arpGroup,
  broadcastGroup,
  neighbourGroup,
  sameGroup,
  type MulticastGroup,
} from '../../wire/multicast-group.ts';
import { groupKey } from './group-members.ts';

/** Groups that a host may join; more are not heard. */
export const hostGroupsMax = 1_024;
/** Groups of hosts behind this node; the one that was heard of least lately makes room. */
export const bridgedGroupsMax = 1_024;
/** How long a group of a host behind this node is kept, ms. */
export const bridgedGroupMs = 1_200_000;

interface BridgedGroup {
  readonly group: MulticastGroup;
  expiresAtMs: number;
}

/** The subscriptions of one network. What changes them returns the groups that are new. */
export class OwnGroups {
  #host: readonly MulticastGroup[] = [];
  #addresses: readonly MulticastGroup[] = [];
  #hasBroadcast = false;
  readonly #bridged = new Map<string, BridgedGroup>();

  /** What the host has joined, all of it. */
  setHost(groups: readonly MulticastGroup[]): readonly MulticastGroup[] {
    const fresh = this.#freshOf(groups.slice(0, hostGroupsMax));
    this.#host = groups.slice(0, hostGroupsMax);
    return fresh;
  }

  /** Our addresses on the network. */
  setAddresses(addresses: readonly InetAddress[]): readonly MulticastGroup[] {
    const groups = addresses.flatMap((address) => {
      if (address.kind === 'ipv4') return arpGroup(address.address);
      return address.kind === 'ipv6' ? neighbourGroup(address.address) : [];
    });
    const fresh = this.#freshOf(groups);
    this.#addresses = groups;
    return fresh;
  }

  /** Whether the network has broadcast. */
  setBroadcast(hasBroadcast: boolean): readonly MulticastGroup[] {
    const fresh = hasBroadcast ? this.#freshOf([broadcastGroup]) : [];
    this.#hasBroadcast = hasBroadcast;
    return fresh;
  }

  /** A host behind this node has spoken to a group: its answers may be wanted there. */
  learnBridged(nowMs: number, group: MulticastGroup): readonly MulticastGroup[] {
    const key = groupKey(group);
    const known = this.#bridged.get(key);
    // Put at the end again: the first one is the one that was heard of least lately.
    if (known !== undefined) this.#bridged.delete(key);
    else if (this.#bridged.size >= bridgedGroupsMax) {
      for (const oldest of this.#bridged.keys()) {
        this.#bridged.delete(oldest);
        break;
      }
    }
    this.#bridged.set(key, { group, expiresAtMs: nowMs + bridgedGroupMs });
    const isNew = known === undefined || known.expiresAtMs <= nowMs;
    return isNew && !this.#isOwn(group) ? [group] : [];
  }

  /** Whether frames to the group are wanted. */
  has(nowMs: number, group: MulticastGroup): boolean {
    if (this.#isOwn(group)) return true;
    const bridged = this.#bridged.get(groupKey(group));
    return bridged !== undefined && bridged.expiresAtMs > nowMs;
  }

  /** All of them, each once. */
  all(nowMs: number): readonly MulticastGroup[] {
    const groups = new Map<string, MulticastGroup>();
    for (const group of [...this.#host, ...this.#addresses]) groups.set(groupKey(group), group);
    if (this.#hasBroadcast) groups.set(groupKey(broadcastGroup), broadcastGroup);
    for (const [key, { group, expiresAtMs }] of this.#bridged) {
      if (expiresAtMs > nowMs) groups.set(key, group);
      else this.#bridged.delete(key);
    }
    return [...groups.values()];
  }

  #isOwn(group: MulticastGroup): boolean {
    return (
      (this.#hasBroadcast && sameGroup(group, broadcastGroup)) ||
      this.#addresses.some((own) => sameGroup(own, group)) ||
      this.#host.some((own) => sameGroup(own, group))
    );
  }
  /** Those that nobody wanted so far: a host joins the groups of its addresses itself, too. */
  #freshOf(groups: readonly MulticastGroup[]): readonly MulticastGroup[] {
    const known = new Set([...this.#host, ...this.#addresses].map(groupKey));
    if (this.#hasBroadcast) known.add(groupKey(broadcastGroup));
    return groups.filter((group) => !known.has(groupKey(group)));
  }
}
