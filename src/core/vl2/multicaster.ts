/**
 * Sends the multicasts of one network: to every known member of the group, and for 5 seconds to each who becomes known
 * (vl2 4.3).
 *
 *     MULTICAST_FRAME    network 8   flags 1   [gather limit 4 if 02]   [source 6 if 04]   MAC 6   ADI 4   EtherType 2   data
 *     MULTICAST_GATHER   network 8   flags 1   MAC 6   ADI 4   limit 4   [certificate of membership if flags & 01]
 *
 * Unlike the official node, this one does not ask the same node twice for one frame, and a group without members not more
 * often than every 250 ms, however many frames its host sends there. Who has an address (ARP, neighbour discovery) it asks
 * again by itself, because the owner may have joined this moment, and hosts repeat such a question only after a second.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, Mac } from '../../base/ids.ts';
import { certificateOfMembership } from '../../wire/credentials/certificate-of-membership.ts';
import { isBroadcast } from '../../wire/mac.ts';
import { multicastGroup, type MulticastGroup } from '../../wire/multicast-group.ts';
import { multicastFrameFlags } from '../../wire/verbs/multicast-frame.ts';
import { multicastGatherFlags } from '../../wire/verbs/multicast-gather.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { Now } from '../ports.ts';
import { shuffle } from '../random-order.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { CredentialsPush } from './credentials-push.ts';
import type { FrameFilter, FrameView } from './frame-filter.ts';
import { groupKey, type GroupMembers } from './group-members.ts';
import { MulticastQueue, type QueuedMulticast } from './multicast-queue.ts';
import type { NetworkState } from './network-state.ts';

/** Who has members is asked for more at most this often, ms. */
export const gatherMs = 60_000;
/** A group without members is asked for at most this often, ms. */
export const gatherEmptyMs = 250;
/** Who has an address is asked again after these times, if nobody is known and a frame waits, ms. */
export const resolveAgainMs: readonly number[] = [150, 300, 600, 1_200];
/** Addresses that are asked for again at a time. */
export const resolvingMax = 256;
/** How many nodes are asked for one frame. */
export const gatherTargetsMax = 16;
/** Groups whose last question is remembered; the oldest makes room. */
export const gatheredGroupsMax = 1_024;

const compressed = { compress: true } as const;
const uncompressed = { compress: false } as const;

/** What the multicaster of a network is made of. */
export interface MulticasterParts {
  readonly vl1: Vl1;
  readonly state: NetworkState;
  readonly groupMembers: GroupMembers;
  readonly filter: FrameFilter;
  readonly push: CredentialsPush;
  /** Room for one payload, not used by any of the others while a frame is sent. */
  readonly scratch: Uint8Array;
}

/** A question for the owner of an address that is to be repeated. */
interface Resolving {
  readonly group: MulticastGroup;
  readonly limit: number;
  /** How often it was repeated. */
  count: number;
  dueAtMs: number;
}

/** The multicasts of one network. */
export class Multicaster {
  readonly #parts: MulticasterParts;
  readonly #queue = new MulticastQueue();
  readonly #gatheredAtMs = new Map<string, number>();
  readonly #resolving = new Map<string, Resolving>();

  constructor(parts: MulticasterParts) {
    this.#parts = parts;
  }

  /** When {@link handleTimeout} is due. */
  nextTimeoutMs(): number {
    let next = this.#queue.nextTimeoutMs();
    for (const { dueAtMs } of this.#resolving.values()) next = Math.min(next, dueAtMs);
    return next;
  }

  /** Forgets frames whose time is over, and asks again for owners of addresses. */
  handleTimeout(now: Now): void {
    this.#queue.expire(now.monoMs);
    for (const [key, resolving] of this.#resolving)
      if (resolving.dueAtMs <= now.monoMs) this.#resolveAgain(now, key, resolving);
  }

  /**
   * Sends a frame of ours, or of a host behind us, to a group. It has passed the filter for nobody in particular.
   *
   * @param source - of a host behind us; null: it is ours
   */
  send(now: Now, group: MulticastGroup, source: Mac | null, frame: FrameView): void {
    const { state } = this.#parts;
    if (this.#sendToReplicator(now, group, frame)) return;
    this.#distribute(now, group, source, frame, state.self);
  }

  /** Sends on what a member has asked us, a replicator, to send for it. */
  replicate(now: Now, group: MulticastGroup, origin: Address, frame: FrameView): void {
    this.#distribute(now, group, frame.sourceMac, frame, origin);
  }

  /** A node was found to be in a group: it gets what is kept for it. */
  memberFound(now: Now, group: MulticastGroup, member: Address): void {
    for (const queued of this.#queue.of(now.monoMs, groupKey(group)))
      if (!queued.sentTo.has(member) && queued.sentTo.size < queued.recipientsMax)
        this.#sendQueued(now, queued, member);
  }

  /** Whether we asked for members of the group: answers for others are not wanted. */
  hasGathered(group: MulticastGroup): boolean {
    return this.#gatheredAtMs.has(groupKey(group));
  }

  #distribute(
    now: Now,
    group: MulticastGroup,
    source: Mac | null,
    frame: FrameView,
    origin: Address,
  ): void {
    const { vl1, state, groupMembers } = this.#parts;
    const { facts } = state;
    const limit = facts.multicastLimit;
    const known = groupMembers
      .of(now.monoMs, state.id, group)
      .filter((member) => member !== state.self && member !== origin);
    const recipients = facts.activeBridges.filter((bridge) => bridge !== origin);
    const isEnough = known.length >= limit;
    const gatherLimit = isEnough ? 1 : limit - known.length + 1;
    if (isEnough) shuffle(vl1.entropy, known, limit);
    else this.#gather(now, group, gatherLimit, known.length === 0);
    for (const member of known) {
      if (isEnough && recipients.length >= limit) break;
      if (!recipients.includes(member)) recipients.push(member);
    }
    const queued = isEnough
      ? this.#queue.borrow(frame, { group, source, gatherLimit, recipientsMax: limit })
      : this.#queue.keep(now.monoMs, frame, { group, source, gatherLimit, recipientsMax: limit });
    if (origin !== state.self) queued.sentTo.add(origin);
    for (const member of recipients) this.#sendQueued(now, queued, member);
  }

  #sendQueued(now: Now, queued: QueuedMulticast, to: Address): void {
    const { vl1, state, filter, push, scratch } = this.#parts;
    if (queued.sentTo.has(to)) return;
    queued.sentTo.add(to);
    const { frame, group, source, gatherLimit } = queued;
    if (!filter.passesOut(now, to, frame, false)) return;
    push.beforeFrame(now, to);
    const { gatherLimit: withLimit, source: withSource } = multicastFrameFlags;
    const writer = new ByteWriter(scratch);
    writer.u64(state.id);
    writer.u8(withLimit | (source === null ? 0 : withSource));
    writer.u32(gatherLimit);
    if (source !== null) writer.u48(source);
    this.#writeFrame(writer, group, frame);
    const options = state.facts.compresses ? compressed : uncompressed;
    const payload = scratch.subarray(0, writer.offset);
    vl1.send(now, to, verbNumbers.MULTICAST_FRAME, payload, options);
  }

  /** @returns whether there is a replicator that does the rest */
  #sendToReplicator(now: Now, group: MulticastGroup, frame: FrameView): boolean {
    const { vl1, state, push, scratch } = this.#parts;
    const { isActiveBridge, isReplicator, replicators, compresses } = state.facts;
    if (isActiveBridge || isReplicator || replicators.length === 0) return false;
    let best: Address | null = null;
    let bestMs = Infinity;
    for (const replicator of replicators) {
      const latencyMs = vl1.latencyMs(replicator);
      if (latencyMs === null || latencyMs >= bestMs) continue;
      best = replicator;
      bestMs = latencyMs;
    }
    if (best === null) return false;
    push.beforeFrame(now, best);
    const writer = new ByteWriter(scratch);
    writer.u64(state.id);
    writer.u8(multicastFrameFlags.replicate | multicastFrameFlags.source);
    writer.u48(frame.sourceMac);
    this.#writeFrame(writer, group, frame);
    const options = compresses ? compressed : uncompressed;
    vl1.send(now, best, verbNumbers.MULTICAST_FRAME, scratch.subarray(0, writer.offset), options);
    return true;
  }

  #writeFrame(writer: ByteWriter, group: MulticastGroup, frame: FrameView): void {
    multicastGroup.write(writer, group);
    writer.u16(frame.etherType);
    writer.put(frame.bytes.subarray(frame.start, frame.end));
  }

  #gather(now: Now, group: MulticastGroup, limit: number, isEmpty: boolean): void {
    const key = groupKey(group);
    const last = this.#gatheredAtMs.get(key) ?? -Infinity;
    if (now.monoMs - last < (isEmpty ? gatherEmptyMs : gatherMs)) return;
    this.#ask(now, group, limit);
    const delayMs = resolveAgainMs[0];
    if (!isEmpty || delayMs === undefined || !isOfAddress(group)) return;
    if (this.#resolving.size >= resolvingMax || this.#resolving.has(key)) return;
    this.#resolving.set(key, { group, limit, count: 0, dueAtMs: now.monoMs + delayMs });
  }

  #resolveAgain(now: Now, key: string, resolving: Resolving): void {
    const { groupMembers, state } = this.#parts;
    const { group, limit } = resolving;
    const delayMs = resolveAgainMs[++resolving.count];
    const isOver =
      this.#queue.of(now.monoMs, key).length === 0 ||
      groupMembers.of(now.monoMs, state.id, group).length > 0;
    if (!isOver) this.#ask(now, group, limit);
    if (isOver || delayMs === undefined) this.#resolving.delete(key);
    else resolving.dueAtMs = now.monoMs + delayMs;
  }

  #ask(now: Now, group: MulticastGroup, limit: number): void {
    const { vl1, state, scratch } = this.#parts;
    const key = groupKey(group);
    this.#gatheredAtMs.delete(key);
    this.#gatheredAtMs.set(key, now.monoMs);
    if (this.#gatheredAtMs.size > gatheredGroupsMax) {
      for (const oldest of this.#gatheredAtMs.keys()) {
        this.#gatheredAtMs.delete(oldest);
        break;
      }
    }
    const certificate = state.config?.membership ?? null;
    const writer = new ByteWriter(scratch);
    writer.u64(state.id);
    writer.u8(certificate === null ? 0 : multicastGatherFlags.certificate);
    multicastGroup.write(writer, group);
    writer.u32(limit);
    if (certificate !== null) certificateOfMembership.write(writer, certificate);
    const payload = scratch.subarray(0, writer.offset);
    for (const target of this.#gatherTargets(now))
      vl1.send(now, target, verbNumbers.MULTICAST_GATHER, payload, uncompressed);
  }

  #gatherTargets(now: Now): Address[] {
    const { vl1, state } = this.#parts;
    const { replicators, anchors } = state.facts;
    const targets = new Set<Address>();
    const best = vl1.bestUpstream(now);
    if (best !== null) targets.add(best);
    if (state.controller !== null) targets.add(state.controller);
    for (const special of shuffle(vl1.entropy, [...replicators, ...anchors])) targets.add(special);
    targets.delete(state.self);
    return [...targets].slice(0, gatherTargetsMax);
  }
}

/** Whether it holds who has an address: ARP's, or the last three bytes of one of IPv6. */
function isOfAddress({ mac, adi }: MulticastGroup): boolean {
  return isBroadcast(mac) ? adi !== 0 : Math.floor(mac / 0x100_0000) === 0x3333ff;
}
