/**
 * Who was lately told that it lacks credentials, so that a node that sends a thousand frames a second is not told a
 * thousand times (vl2 5.5, 9 point 8). Of strangers: when the table is full it starts again empty.
 */
import type { Address } from '../../base/ids.ts';

/** The same node is told at most this often, ms. */
export const refusalMs = 100;
/** Nodes that are remembered. */
export const refusedMax = 1_024;

/** The refusals of one network. */
export class RecentlyRefused {
  readonly #toldAtMs = new Map<Address, number>();

  get size(): number {
    return this.#toldAtMs.size;
  }

  /** Whether a node is to be told now; then it counts as told. */
  mayAnswer(nowMs: number, to: Address): boolean {
    const toldAtMs = this.#toldAtMs.get(to);
    if (toldAtMs !== undefined && nowMs - toldAtMs < refusalMs) return false;
    if (toldAtMs === undefined && this.#toldAtMs.size >= refusedMax) this.#toldAtMs.clear();
    this.#toldAtMs.set(to, nowMs);
    return true;
  }
}
