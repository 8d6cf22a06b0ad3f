/** Echo requests at an even pace, and what came of each. */

/** How to ping. */
export interface PingOptions {
  readonly intervalMs?: number;
  /** Requests; without it until {@link Ping.stop}. */
  readonly count?: number;
  /** Bytes behind the ICMP header. */
  readonly size?: number;
}

/** One request. */
export interface Echo {
  readonly sentMs: number;
  /** Null: no reply yet. */
  rttMs: number | null;
}

/** A run of requests. */
export class Ping {
  readonly intervalMs: number;
  readonly size: number;
  /** By sequence number, which may go round. */
  readonly echoes: Echo[] = [];
  /** Replies to a request that had one already. */
  duplicates = 0;
  readonly #count: number;
  #isStopped = false;

  constructor({ intervalMs = 1_000, count = Infinity, size = 56 }: PingOptions) {
    this.intervalMs = intervalMs;
    this.#count = count;
    this.size = size;
  }

  /** Whether no more requests will be sent. */
  get isOver(): boolean {
    return this.#isStopped || this.echoes.length >= this.#count;
  }

  /** Sends no more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** @returns the sequence number */
  send(nowMs: number): number {
    this.echoes.push({ sentMs: nowMs, rttMs: null });
    return (this.echoes.length - 1) & 0xffff;
  }

  handleReply(nowMs: number, sequence: number, size: number): void {
    // The latest request with this number.
    const last = this.echoes.length - 1;
    const echo = this.echoes[last - ((last - sequence) & 0xffff)];
    if (echo === undefined || size !== this.size) return;
    if (echo.rttMs !== null) this.duplicates++;
    else echo.rttMs = nowMs - echo.sentMs;
  }

  /** Replies to requests that were sent from a time on. */
  replies(sinceMs = -Infinity): number {
    return this.#since(sinceMs).filter(({ rttMs }) => rttMs !== null).length;
  }

  /** Requests without a reply, of those sent in [sinceMs, untilMs). */
  lost(sinceMs = -Infinity, untilMs = Infinity): number {
    return this.#since(sinceMs).filter(({ sentMs, rttMs }) => rttMs === null && sentMs < untilMs)
      .length;
  }

  /** When the first reply to a request came that was sent from a time on; null: none did. */
  firstReplyMs(sinceMs = -Infinity): number | null {
    let first: number | null = null;
    for (const { sentMs, rttMs } of this.#since(sinceMs))
      if (rttMs !== null) first = Math.min(first ?? Infinity, sentMs + rttMs);
    return first;
  }

  /** A quantile of the round-trip times; null: there are none. @param ratio - 0 to 1 */
  rttMs(ratio: number, sinceMs = -Infinity): number | null {
    const times = this.#since(sinceMs)
      .flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]))
      .sort((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(ratio * times.length))] ?? null;
  }

  #since(sinceMs: number): Echo[] {
    return this.echoes.filter(({ sentMs }) => sentMs >= sinceMs);
  }
}
