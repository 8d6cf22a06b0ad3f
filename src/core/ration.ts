/**
 * How often each of many may do something: some times at once, then one more after each interval. Bounded: when too many
 * have used their share, those are forgotten who have all of it back; where there are none, everybody.
 */
import type { Address } from '../base/ids.ts';

/** Nodes that are remembered. */
export const rationedMax = 4_096;

/** Shares of one thing. Times are `monoMs`. */
export class Ration {
  readonly #burst: number;
  readonly #refillMs: number;
  /** When each has all of its share back. */
  readonly #fullAtMs = new Map<Address, number>();

  /** @param burst - how often at once. @param refillMs - until once more */
  constructor(burst: number, refillMs: number) {
    this.#burst = burst;
    this.#refillMs = refillMs;
  }

  get size(): number {
    return this.#fullAtMs.size;
  }

  /** Whether one may do it now; then it counts. */
  take(nowMs: number, who: Address): boolean {
    const fullAtMs = this.#fullAtMs.get(who);
    const next = Math.max(nowMs, fullAtMs ?? 0) + this.#refillMs;
    if (next - nowMs > this.#burst * this.#refillMs) return false;
    if (fullAtMs === undefined && this.#fullAtMs.size >= rationedMax) this.#makeRoom(nowMs);
    this.#fullAtMs.set(who, next);
    return true;
  }

  /** What one did last does not count. */
  giveBack(who: Address): void {
    const fullAtMs = this.#fullAtMs.get(who);
    if (fullAtMs !== undefined) this.#fullAtMs.set(who, fullAtMs - this.#refillMs);
  }

  #makeRoom(nowMs: number): void {
    for (const [who, fullAtMs] of this.#fullAtMs) if (fullAtMs <= nowMs) this.#fullAtMs.delete(who);
    if (this.#fullAtMs.size >= rationedMax) this.#fullAtMs.clear();
  }
}
