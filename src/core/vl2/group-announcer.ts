/**
 * Tells others which groups of one network this node wants to hear: MULTICAST_LIKE (vl2 4.2).
 *
 * | what | to whom | when |
 * |---|---|---|
 * | groups that are new | controller, roots, anchors, replicators, members that we know | at once |
 * | the same | the same, but for the members | 1 s and 5 s later: nobody acknowledges, and one lost packet would make us deaf for a minute |
 * | all groups | controller, roots, anchors, replicators | every 60 s |
 * | all groups | each member that we know | every 60 s, and when it is admitted |
 *
 * Broadcast is announced like any other group; the official node leaves it to the minute.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import { multicastGroup, type MulticastGroup } from '../../wire/multicast-group.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { Now } from '../ports.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { CredentialsPush } from './credentials-push.ts';
import type { Member } from './members.ts';
import type { NetworkState } from './network-state.ts';

/** All groups are told this often, ms. */
export const announceMs = 60_000;
/** Groups that are new are told again after these times, ms. */
export const announceAgainMs: readonly number[] = [1_000, 5_000];
/** Groups that wait to be told again; more are told once: who bridges can be made to speak to any number of them. */
export const announceAgainMax = 2_048;
/** A member that was not heard for this time is not told any more, ms. */
export const announceToSilentMs = 300_000;

/** New groups that come within this time are told again together, ms. */
const announceTogetherMs = 1_000;
/** Groups in one packet, so that it needs no fragments. */
const groupsPerPacket = 64;
const likeLength = 18;
/** Members are looked through this often, ms. */
const membersCheckMs = 5_000;
const compressed = { compress: true } as const;

/** Groups that are told again together. */
interface Fresh {
  readonly groups: readonly MulticastGroup[];
  /** When the first and the last of them were announced. */
  readonly firstMs: number;
  readonly sinceMs: number;
  /** How often they were told again. */
  readonly count: number;
}

function againAtMs({ sinceMs, count }: Fresh): number {
  return sinceMs + (announceAgainMs[count] ?? Infinity);
}

/** The announcements of one network. */
export class GroupAnnouncer {
  readonly #vl1: Vl1;
  readonly #state: NetworkState;
  readonly #push: CredentialsPush;
  readonly #scratch = new Uint8Array(groupsPerPacket * likeLength);
  #dueAtMs = Infinity;
  #membersDueAtMs = Infinity;
  /** What is new, and when the first of it is told again. */
  #fresh: readonly Fresh[] = [];
  #againAtMs = Infinity;

  constructor(vl1: Vl1, state: NetworkState, push: CredentialsPush) {
    this.#vl1 = vl1;
    this.#state = state;
    this.#push = push;
  }

  /** Tells of groups that are new. */
  announce(now: Now, groups: readonly MulticastGroup[]): void {
    if (groups.length === 0) return;
    this.#tellAuthorities(now, groups);
    for (const member of this.#state.members)
      if (this.#isToldOfNew(now, member)) this.#tell(now, member.address, groups);
    this.#addFresh(now.monoMs, groups);
    if (this.#dueAtMs !== Infinity) return;
    this.#dueAtMs = now.monoMs + announceMs;
    this.#membersDueAtMs = now.monoMs + membersCheckMs;
  }

  /** A root may have forgotten us: it is told everything. */
  announceAll(now: Now): void {
    const groups = this.#state.ownGroups.all(now.monoMs);
    if (groups.length === 0) return;
    this.#dueAtMs = now.monoMs + announceMs;
    this.#tellAuthorities(now, groups);
  }

  /** A member was admitted: it is told, unless it was lately. */
  admitted(now: Now, member: Member): void {
    if (now.monoMs - member.likedAtMs < announceMs) return;
    const groups = this.#state.ownGroups.all(now.monoMs);
    if (groups.length === 0) return;
    member.likedAtMs = now.monoMs;
    // Who has never seen our credentials would not listen.
    if (member.pushedAtMs === -Infinity) this.#push.beforeFrame(now, member.address);
    this.#tell(now, member.address, groups);
  }

  /** A member lacks our credentials though it was shown them: it has started again, and knows our groups no more either. */
  forgottenBy(now: Now, address: Address): void {
    const member = this.#state.members.get(address);
    if (member === undefined || !this.#state.admits(address)) return;
    member.likedAtMs = -Infinity;
    this.admitted(now, member);
  }

  /** When {@link handleTimeout} is due. */
  nextTimeoutMs(): number {
    return Math.min(this.#dueAtMs, this.#membersDueAtMs, this.#againAtMs);
  }

  handleTimeout(now: Now): void {
    if (this.#againAtMs <= now.monoMs) this.#tellAgain(now);
    if (this.#dueAtMs <= now.monoMs) {
      this.#dueAtMs = now.monoMs + announceMs;
      this.#tellAuthorities(now, this.#state.ownGroups.all(now.monoMs));
    }
    if (this.#membersDueAtMs <= now.monoMs) {
      this.#membersDueAtMs = now.monoMs + membersCheckMs;
      for (const member of this.#state.members)
        if (this.#isToldAgain(now, member)) this.admitted(now, member);
    }
  }

  #addFresh(nowMs: number, groups: readonly MulticastGroup[]): void {
    const waiting = this.#fresh.reduce((sum, fresh) => sum + fresh.groups.length, 0);
    if (waiting + groups.length > announceAgainMax) return;
    const last = this.#fresh.at(-1);
    // What a host joins when it comes up, it joins one by one.
    if (last?.count === 0 && nowMs - last.firstMs < announceTogetherMs)
      this.#keepFresh([
        ...this.#fresh.slice(0, -1),
        { ...last, groups: [...last.groups, ...groups], sinceMs: nowMs },
      ]);
    else this.#keepFresh([...this.#fresh, { groups, firstMs: nowMs, sinceMs: nowMs, count: 0 }]);
  }

  #tellAgain(now: Now): void {
    const isDue = (fresh: Fresh): boolean => againAtMs(fresh) <= now.monoMs;
    const due = this.#fresh.filter(isDue);
    this.#keepFresh(
      this.#fresh.map((fresh) => (isDue(fresh) ? { ...fresh, count: fresh.count + 1 } : fresh)),
    );
    this.#tellAuthorities(
      now,
      due.flatMap(({ groups }) => groups),
    );
  }

  #keepFresh(fresh: readonly Fresh[]): void {
    this.#fresh = fresh.filter(({ count }) => count < announceAgainMs.length);
    this.#againAtMs = Math.min(...this.#fresh.map(againAtMs));
  }

  #isToldOfNew(now: Now, member: Member): boolean {
    return now.monoMs - member.heardAtMs < announceToSilentMs && this.#state.admits(member.address);
  }

  #isToldAgain(now: Now, member: Member): boolean {
    return now.monoMs - member.likedAtMs >= announceMs && this.#isToldOfNew(now, member);
  }

  #tellAuthorities(now: Now, groups: readonly MulticastGroup[]): void {
    const { controller, facts, self } = this.#state;
    const targets = new Set([...this.#vl1.upstreams(), ...facts.anchors, ...facts.replicators]);
    if (controller !== null) targets.add(controller);
    targets.delete(self);
    for (const target of targets) this.#tell(now, target, groups);
  }

  #tell(now: Now, to: Address, groups: readonly MulticastGroup[]): void {
    for (let first = 0; first < groups.length; first += groupsPerPacket) {
      const writer = new ByteWriter(this.#scratch);
      for (const group of groups.slice(first, first + groupsPerPacket)) {
        writer.u64(this.#state.id);
        multicastGroup.write(writer, group);
      }
      const payload = this.#scratch.subarray(0, writer.offset);
      this.#vl1.send(now, to, verbNumbers.MULTICAST_LIKE, payload, compressed);
    }
  }
}
