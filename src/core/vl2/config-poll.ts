/**
 * When a node asks its controller for the configuration of a network.
 *
 * | | the official node | here |
 * |---|---|---|
 * | on joining | within 5 s | at once |
 * | refused, or no answer | every 5 s | eight times after 1.1 s, then ever later, up to every 5 s |
 * | with a configuration | 60 to 65 s after it came | 60 s after it came |
 *
 * A controller ignores what comes within 1,000 ms after a request (vl2 6.1): hence 1.1 s, after which an authorised
 * newcomer waits no longer. Over a root a question and its answer cross eight lines: where one datagram of ten is lost on
 * each, six of ten questions are in vain. In the long run nothing more is sent than by the official node.
 */

/** From one configuration to the next question, ms. */
export const configRefreshMs = 60_000;
/** Between the first two questions, ms. */
export const configRetryMsMin = 1_100;
/** Between the later ones, ms. */
export const configRetryMsMax = 5_000;

/** Gaps that stay as they are before they grow. */
const steadyCount = 8;
const growth = 1.25;

/** The times of one network's questions, `monoMs`. Asks at once when it is made. */
export class ConfigPoll {
  /** When to ask next. */
  nextAtMs: number;
  /** When was asked last; null: never. */
  askedAtMs: number | null = null;
  #retryMs = configRetryMsMin;
  #count = 0;

  constructor(nowMs: number) {
    this.nextAtMs = nowMs;
  }

  /** A question was sent. */
  asked(nowMs: number): void {
    this.askedAtMs = nowMs;
    this.nextAtMs = nowMs + this.#retryMs;
    if (++this.#count >= steadyCount)
      this.#retryMs = Math.min(configRetryMsMax, this.#retryMs * growth);
  }

  /** A configuration came, asked for or not. */
  configured(nowMs: number): void {
    this.#begin(nowMs + configRefreshMs);
  }

  /** Something changed that lets hope for another answer: asks at once. */
  restart(nowMs: number): void {
    this.#begin(nowMs);
  }

  #begin(atMs: number): void {
    this.nextAtMs = atMs;
    this.#retryMs = configRetryMsMin;
    this.#count = 0;
  }
}
