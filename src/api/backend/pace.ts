/** One thing after another, with a time between their beginnings. */
import { nsPerMs, type Clock } from '../../base/clock.ts';

/** Hands out turns: the first one at once, each further one no sooner than `gapMs` after the one before. */
export class Pace {
  readonly #clock: Clock;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #gapMs: number;
  #nextMs = 0;

  constructor(
    { clock, wait }: { readonly clock: Clock; readonly wait: (ms: number) => Promise<void> },
    gapMs: number,
  ) {
    this.#clock = clock;
    this.#wait = wait;
    this.#gapMs = gapMs;
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const nowMs = this.#clock.nowNs() / nsPerMs;
    const atMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = atMs + this.#gapMs;
    if (atMs > nowMs) await this.#wait(Math.ceil(atMs - nowMs));
  }
}

/**
 * Between two revocations of one controller, ms. An official member takes one packet of credentials from a node in a second and
 * ignores any other, so a second revocation would be lost until its certificate is too old (vl2.md 3.6 and pitfall 12).
 */
export const revocationGapMs = 1_200;

/** What a person is told before a wait; null: there is none. */
export function paceLine(count: number): string | null {
  if (count < 2) return null;
  const seconds = Math.ceil(((count - 1) * revocationGapMs) / 1_000);
  return (
    `shutting out ${count} members, one each ${revocationGapMs / 1_000} s (about ${seconds} s): ` +
    'official members lose a second revocation that comes within a second'
  );
}
