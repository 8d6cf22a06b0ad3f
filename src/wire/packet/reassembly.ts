/**
 * Puts the pieces of packets together, in whatever order they come. No clock, no timer, no allocation after construction:
 * 32 slots of one largest packet each, and time is what the caller says.
 *
 * Source: vl1 2.4. A slot belongs to a packet ID; a packet that needs one when all are taken gets the oldest. The reference
 * has no other end for incomplete sets; here they also end after 5 seconds.
 */
import { assert } from '../../base/errors.ts';
import type { DropReason } from '../drop-reason.ts';
import {
  checkFragment,
  fragmentCountAt,
  fragmentHeaderLength,
  fragmentIndexAt,
  fragmentsMax,
} from './fragment.ts';
import {
  headerLength,
  isFragmentedAt,
  packetIdHighAt,
  packetIdLowAt,
  packetLengthMax,
} from './header.ts';

/** Packets that are put together at a time. */
export const reassemblySlots = 32;
/** How long a set waits for its missing pieces, from its first. */
export const reassemblyLifetimeMs = 5_000;

/** What a piece came to: the packet is whole, or a piece is still missing, or the piece was not used. */
export type ReassemblyResult = 'complete' | 'incomplete' | DropReason;

/**
 * Takes heads ({@link addHead}) and further pieces ({@link addFragment}), each borrowed for the call. After `complete` the
 * packet is `bytes[start, end)` and `origin` is what its head came with, until the next piece is added.
 *
 * @typeParam Origin - what the caller wants to know of a head later: the path on which it arrived
 */
export class Reassembler<Origin> {
  /** Where complete packets lie: a slot each, and one region for those whose pieces came out of order. */
  readonly bytes: Uint8Array = new Uint8Array((reassemblySlots + 1) * packetLengthMax);
  #start = 0;
  #end = 0;
  #origin: Origin | null = null;

  readonly #idHigh = new Uint32Array(reassemblySlots);
  readonly #idLow = new Uint32Array(reassemblySlots);
  /** When the first piece came, ms. */
  readonly #bornAt = new Float64Array(reassemblySlots);
  /** Pieces in all; 0 while only the head is there, which does not say. */
  readonly #count = new Uint8Array(reassemblySlots);
  /** A bit for every piece that is there; 0: the slot is free. */
  readonly #present = new Uint8Array(reassemblySlots);
  /** Bytes in the slot, in the order of arrival. */
  readonly #used = new Uint16Array(reassemblySlots);
  /** Whether every piece came after the one before it, so that the slot holds the packet as it is. */
  readonly #ordered = new Uint8Array(reassemblySlots);
  readonly #pieceStart = new Uint16Array(reassemblySlots * fragmentsMax);
  readonly #pieceEnd = new Uint16Array(reassemblySlots * fragmentsMax);
  readonly #origins = new Array<Origin | null>(reassemblySlots).fill(null);
  #evicted = 0;
  #expired = 0;

  /** Where the last complete packet starts in {@link bytes}. */
  get start(): number {
    return this.#start;
  }

  /** Where it ends. */
  get end(): number {
    return this.#end;
  }

  /** What its head came with; null before there was one. */
  get origin(): Origin | null {
    return this.#origin;
  }

  /** Incomplete packets now. */
  get size(): number {
    let size = 0;
    for (const present of this.#present) if (present !== 0) size++;
    return size;
  }

  /** Packets given up so far because a newer one needed the slot. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Packets given up so far because their time was over. */
  get expired(): number {
    return this.#expired;
  }

  /** Adds the head: a packet with the fragment flag. @param now - any clock, ms */
  addHead(
    now: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    origin: Origin,
  ): ReassemblyResult {
    if (end - start < headerLength || end - start > packetLengthMax) return 'not-a-packet';
    assert(isFragmentedAt(bytes, start), 'a head has the fragment flag');
    const slot = this.#slotOf(now, bytes, start);
    const result = this.#add(slot, 0, bytes, start, end);
    if (result === 'incomplete' || result === 'complete') this.#origins[slot] = origin;
    return result === 'complete' ? this.#finish(slot) : result;
  }

  /** Adds another piece. Its count must be that of the pieces before it. @param now - any clock, ms */
  addFragment(now: number, bytes: Uint8Array, start: number, end: number): ReassemblyResult {
    const problem = checkFragment(bytes, start, end);
    if (problem !== null) return problem;
    const slot = this.#slotOf(now, bytes, start);
    const count = fragmentCountAt(bytes, start);
    // vl1 2.4 does not say whose count wins. The first: whoever forges a later one then costs us only that piece.
    if (this.#count[slot] !== 0 && this.#count[slot] !== count) return 'bad-fragment';
    this.#count[slot] = count;
    const index = fragmentIndexAt(bytes, start);
    const result = this.#add(slot, index, bytes, start + fragmentHeaderLength, end);
    return result === 'complete' ? this.#finish(slot) : result;
  }

  /** Gives up the packets whose time is over. Adding does so with those that it meets: this is for {@link expired}. */
  expire(now: number): void {
    for (let slot = 0; slot < reassemblySlots; slot++)
      if (this.#present[slot] !== 0) this.#expireSlot(now, slot);
  }

  /** @returns whether its time was over */
  #expireSlot(now: number, slot: number): boolean {
    if (now - (this.#bornAt[slot] as number) < reassemblyLifetimeMs) return false;
    this.#free(slot);
    this.#expired++;
    return true;
  }

  /** The slot of a packet ID: its own, or a free one, or the oldest one, made its own. */
  #slotOf(now: number, bytes: Uint8Array, start: number): number {
    const high = packetIdHighAt(bytes, start);
    const low = packetIdLowAt(bytes, start);
    let free = -1;
    let oldest = 0;
    for (let slot = 0; slot < reassemblySlots; slot++) {
      if (this.#present[slot] === 0 || this.#expireSlot(now, slot)) free = slot;
      else if (this.#idLow[slot] === low && this.#idHigh[slot] === high) return slot;
      else if ((this.#bornAt[slot] as number) < (this.#bornAt[oldest] as number)) oldest = slot;
    }
    if (free < 0) {
      this.#free(oldest);
      this.#evicted++;
      free = oldest;
    }
    this.#idHigh[free] = high;
    this.#idLow[free] = low;
    this.#bornAt[free] = now;
    this.#ordered[free] = 1;
    return free;
  }

  #add(
    slot: number,
    index: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): ReassemblyResult {
    const present = this.#present[slot] as number;
    if ((present & (1 << index)) !== 0) return 'duplicate-fragment';
    const used = this.#used[slot] as number;
    const newUsed = used + (end - start);
    if (newUsed > packetLengthMax) {
      this.#free(slot);
      return 'reassembly-too-large';
    }
    this.bytes.set(bytes.subarray(start, end), slot * packetLengthMax + used);
    this.#used[slot] = newUsed;
    this.#pieceStart[slot * fragmentsMax + index] = used;
    this.#pieceEnd[slot * fragmentsMax + index] = newUsed;
    // In order means: the pieces there were exactly those below this one.
    if (present !== (1 << index) - 1) this.#ordered[slot] = 0;
    const now = present | (1 << index);
    this.#present[slot] = now;
    const count = this.#count[slot] as number;
    return count !== 0 && now === (1 << count) - 1 ? 'complete' : 'incomplete';
  }

  /** Makes the packet contiguous, and the slot free: its bytes stay until it is taken again. */
  #finish(slot: number): 'complete' {
    const base = slot * packetLengthMax;
    this.#start = base;
    if (this.#ordered[slot] === 0) {
      this.#start = reassemblySlots * packetLengthMax;
      let at = this.#start;
      const count = this.#count[slot] as number;
      for (let piece = slot * fragmentsMax; piece < slot * fragmentsMax + count; piece++) {
        const from = this.#pieceStart[piece] as number;
        const to = this.#pieceEnd[piece] as number;
        this.bytes.copyWithin(at, base + from, base + to);
        at += to - from;
      }
    }
    this.#end = this.#start + (this.#used[slot] as number);
    this.#origin = this.#origins[slot] ?? null;
    this.#free(slot);
    return 'complete';
  }

  #free(slot: number): void {
    this.#present[slot] = 0;
    this.#count[slot] = 0;
    this.#used[slot] = 0;
    this.#origins[slot] = null;
  }
}
