/** Time that passes only where somebody waits. */
import { nsPerMs, type Clock } from '../../src/base/clock.ts';

/** What a backend is given, and what it did with it. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
  /** Each wait, ms. */
  readonly waits: number[];
  readonly said: string[];
}

/** Time that begins at a moment, ms since the epoch. */
export function virtualTime(beginMs = 1_795_363_900_000): VirtualTime {
  let nowMs = 0;
  const waits: number[] = [];
  const said: string[] = [];
  return {
    clock: { nowNs: () => nowMs * nsPerMs, wallMs: () => beginMs + nowMs },
    wait: (ms) => {
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    say: (line) => void said.push(line),
    waits,
    said,
  };
}
