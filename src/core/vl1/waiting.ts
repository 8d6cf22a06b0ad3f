/**
 * Packets that wait, for an identity, a path or a credential: first in, first out, up to 5 seconds, and no more than fit.
 *
 * Source: vl1 3.1, 4.5. The order matters: a frame that overtakes the credentials sent before it is refused (vl2 5.5).
 */
import type { Address } from '../../base/ids.ts';
import { waitingMs } from '../constants.ts';

/** What every entry has. */
export interface Waiting {
  /** Whose identity, path or credentials it waits for. */
  readonly address: Address;
  /** Since when, `monoMs`. */
  readonly sinceMs: number;
}

/** A bounded list, in order. */
export class WaitingList<Entry extends Waiting> {
  #entries: Entry[] = [];
  readonly #max: number;
  /** Lost so far to make room for a newer one. */
  evicted = 0;
  /** Lost so far because their time was over. */
  expired = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Whether anything waits for an address. */
  has(address: Address): boolean {
    return this.#entries.some((entry) => entry.address === address);
  }

  /** The addresses that something waits for. */
  addresses(): Set<Address> {
    return new Set(this.#entries.map((entry) => entry.address));
  }

  /** Adds at the end; the oldest goes where there is no room. */
  add(entry: Entry): void {
    if (this.#entries.length >= this.#max) {
      this.#entries.shift();
      this.evicted++;
    }
    this.#entries.push(entry);
  }

  /** Takes out what waits for an address, oldest first. */
  take(address: Address): Entry[] {
    const taken = this.#entries.filter((entry) => entry.address === address);
    if (taken.length > 0)
      this.#entries = this.#entries.filter((entry) => entry.address !== address);
    return taken;
  }

  /** Puts back, before all others, what was taken and still has to wait. Beyond the maximum the oldest go. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#entries = [...entries, ...this.#entries];
    while (this.#entries.length > this.#max) {
      this.#entries.shift();
      this.evicted++;
    }
  }

  /** Gives up those that waited too long. */
  expire(nowMs: number): void {
    const { length } = this.#entries;
    this.#entries = this.#entries.filter((entry) => nowMs - entry.sinceMs < waitingMs);
    this.expired += length - this.#entries.length;
  }

  /** When the oldest is to be given up, `monoMs`; Infinity where there is none. */
  nextTimeoutMs(): number {
    let oldestMs = Infinity;
    for (const { sinceMs } of this.#entries) oldestMs = Math.min(oldestMs, sinceMs);
    return oldestMs + waitingMs;
  }
}
