/** Latencies as they were in successive answers, kept while the page is open: the service tells only of now. */

/** One answer. */
export interface LatencySample {
  /** When it came, ms since the Unix epoch. */
  readonly at: number;
  /** Null: none was known. */
  readonly latencyMs: number | null;
}

/** Answers that are kept of one. */
export const samplesMax = 60;
/** Whom some are kept of; who was noted longest ago goes first. */
export const subjectsMax = 4_096;
/** Answers that come sooner after one another tell nothing new, ms. */
const gapMsMin = 1_000;

const none: readonly LatencySample[] = [];

/** See the head of this file. */
export class LatencyHistory {
  readonly #samples = new Map<string, readonly LatencySample[]>();

  /** An answer has come. @param at - ms since the Unix epoch */
  note(subject: string, at: number, latencyMs: number | null): void {
    const samples = this.of(subject);
    const last = samples.at(-1);
    if (last !== undefined && at - last.at < gapMsMin) return;
    this.#samples.delete(subject);
    this.#samples.set(subject, [...samples.slice(1 - samplesMax), { at, latencyMs }]);
    const [first] = this.#samples.keys();
    if (this.#samples.size > subjectsMax && first !== undefined) this.#samples.delete(first);
  }

  /** The oldest first; the same array while nothing is noted. */
  of(subject: string): readonly LatencySample[] {
    return this.#samples.get(subject) ?? none;
  }
}
