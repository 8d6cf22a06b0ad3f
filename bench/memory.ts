/** How much memory something takes: what it allocates, garbage included, and what is still there after collection. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import type { Subject } from './rounds.ts';

setFlagsFromString('--expose-gc');
const collectOnce = runInNewContext('gc') as () => void;

/** Bytes for one of what a subject does. */
export interface MemoryUse {
  /** Before anything was collected. */
  readonly allocated: number;
  /** After collection; a few bytes either way are the engine's own. */
  readonly surviving: number;
}

/** Few enough runs that nothing is collected in between, many enough that the engine's own few bytes do not count. */
const runsAllocated = 10;
const runsSurviving = 300;

/** Measures. */
export function memoryOf(subject: Subject): MemoryUse {
  repeat(subject, runsSurviving); // compiled, and with everything made that is made once
  const grown = growth(() => {
    repeat(subject, runsAllocated);
  });
  const idle = growth(() => undefined);
  const kept = median(5, () => {
    collect();
    const before = held();
    repeat(subject, runsSurviving);
    collect();
    return held() - before;
  });
  return {
    allocated: Math.max(0, grown - idle) / (runsAllocated * subject.count),
    surviving: kept / (runsSurviving * subject.count),
  };
}

function repeat(subject: Subject, runs: number): void {
  for (let i = 0; i < runs; i++) {
    subject.prepare?.();
    subject.run();
  }
}

function growth(run: () => void): number {
  return median(9, () => {
    collect();
    const before = process.memoryUsage();
    run();
    const after = process.memoryUsage();
    // `external` holds the buffers too, but is brought up to date later.
    const buffers = after.arrayBuffers - before.arrayBuffers;
    return after.heapUsed - before.heapUsed + Math.max(buffers, after.external - before.external);
  });
}

/** What native objects hold goes only in the collection after theirs. */
function collect(): void {
  for (let i = 0; i < 3; i++) collectOnce();
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Now and then the engine compiles, or collects, in between: not in most of a few samples. */
function median(count: number, sample: () => number): number {
  return quantileSorted(sortedCopy(Array.from({ length: count }, sample)), 0.5);
}
