/** A token bucket: how often something may happen, with time handed in. */
import { nsPerS } from '../../base/clock.ts';

export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #updatedNs = 0;

  /** @param perSecond - sustained rate · @param burst - how many may come at once, at least 1 */
  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes one token; false where there is none. @param nowNs - monotonic, not decreasing */
  take(nowNs: number): boolean {
    const gained = ((nowNs - this.#updatedNs) / nsPerS) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#updatedNs = nowNs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
