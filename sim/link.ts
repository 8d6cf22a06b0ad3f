/**
 * One direction of a line: what is put in at one end comes out at the other later, not at all, or twice.
 *
 * In this order: a line that is down or cuts what is too long loses it; then chance loses it; then it waits for the line
 * to be free (rate), or finds the queue full; then it travels (delay and jitter). Packets overtake each other only where
 * `reorderRatio` says so: jitter alone is that of a queue and keeps the order.
 */
import type { Prng } from '../src/base/prng.ts';

/** How a line is. Ratios are 0 to 1. */
export interface LinkQuality {
  readonly delayMs: number;
  /** Up to this much more, evenly distributed. */
  readonly jitterMs: number;
  readonly lossRatio: number;
  readonly duplicateRatio: number;
  /** Of the packets that are held back by up to {@link reorderMs} and so overtaken. */
  readonly reorderRatio: number;
  readonly reorderMs: number;
  /** Bits per second; Infinity: as fast as can be. */
  readonly rateBits: number;
  /** What may wait for the line to be free. */
  readonly queueBytesMax: number;
  /** False: nothing comes through. */
  readonly isUp: boolean;
}

/** A line without faults. */
export const perfectLink: LinkQuality = {
  delayMs: 0,
  jitterMs: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  reorderMs: 20,
  rateBits: Infinity,
  queueBytesMax: 256 * 1024,
  isUp: true,
};

/** Why nothing came out. */
export type LinkLoss = 'link-down' | 'lost' | 'queue-full';

/** What an IP and a UDP header add to a datagram on the line. */
const headerBytes = 28;

/** See the head of this file. */
export class Link {
  /** May be replaced at any time; what is on its way is not concerned. */
  quality: LinkQuality;
  readonly #prng: Prng;
  #freeAtMs = 0;
  #lastArrivalMs = 0;

  constructor(quality: LinkQuality, prng: Prng) {
    this.quality = quality;
    this.#prng = prng;
  }

  /** Changes some of its qualities. */
  set(quality: Partial<LinkQuality>): void {
    this.quality = { ...this.quality, ...quality };
  }

  /** @param length - bytes of the datagram. @returns when it comes out, once or twice; or why it does not */
  transit(nowMs: number, length: number): readonly number[] | LinkLoss {
    const { quality } = this;
    if (!quality.isUp) return 'link-down';
    if (this.#happens(quality.lossRatio)) return 'lost';
    const outMs = this.#queue(nowMs, length + headerBytes);
    if (outMs === null) return 'queue-full';
    const arrivals = [this.#travel(outMs)];
    if (this.#happens(quality.duplicateRatio)) arrivals.push(this.#travel(outMs));
    return arrivals;
  }

  /** @returns when its last bit has left; null: no room */
  #queue(nowMs: number, bytes: number): number | null {
    const { rateBits, queueBytesMax } = this.quality;
    if (rateBits === Infinity) return nowMs;
    const startMs = Math.max(nowMs, this.#freeAtMs);
    const waitingBytes = ((startMs - nowMs) * rateBits) / 8_000;
    if (waitingBytes + bytes > queueBytesMax) return null;
    this.#freeAtMs = startMs + (bytes * 8_000) / rateBits;
    return this.#freeAtMs;
  }

  #travel(outMs: number): number {
    const { delayMs, jitterMs, reorderRatio, reorderMs } = this.quality;
    const arrivalMs = outMs + delayMs + (jitterMs > 0 ? jitterMs * this.#prng.unit() : 0);
    if (this.#happens(reorderRatio)) return arrivalMs + reorderMs * this.#prng.unit();
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    return this.#lastArrivalMs;
  }

  #happens(ratio: number): boolean {
    return ratio > 0 && this.#prng.unit() < ratio;
  }
}
