/** How many requests somebody may make: some at once, then so many a second. Bounded: who is forgotten has all of it back. */

/** Callers that are remembered. */
export const callersMax = 1_024;

/** See the head of this file. */
export class RateLimit {
  readonly #burst: number;
  readonly #gapMs: number;
  /** When each has all of its share back. */
  readonly #fullAtMs = new Map<string, number>();

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = burst;
    this.#gapMs = 1_000 / perSecond;
  }

  /** Counts a request. @returns 0, or how long until the next one may come, ms; then it does not count */
  take(nowMs: number, who: string): number {
    const next = Math.max(nowMs, this.#fullAtMs.get(who) ?? 0) + this.#gapMs;
    const waitMs = next - nowMs - this.#burst * this.#gapMs;
    if (waitMs > 0) return waitMs;
    if (!this.#fullAtMs.has(who) && this.#fullAtMs.size >= callersMax) this.#fullAtMs.clear();
    this.#fullAtMs.set(who, next);
    return 0;
  }
}
