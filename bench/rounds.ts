/** Measuring many short things against each other: they take turns in rounds of shuffled order, and medians are compared. */
import { Prng } from '../src/base/prng.ts';
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';

/** Something to measure. */
export interface Subject {
  readonly name: string;
  /** What {@link run} does how often: the unit of its result. */
  readonly count: number;
  /** Before each run, not measured. */
  prepare?(): void;
  run(): void;
}

/** Nanoseconds for one of what a subject does. */
export interface Measured {
  readonly medianNs: number;
  readonly leastNs: number;
  readonly mostNs: number;
}

/**
 * Measures.
 *
 * @param visitMs - how long a subject runs when it is its turn; at least once
 * @returns by name
 */
export function measureInRounds(
  subjects: readonly Subject[],
  { rounds, visitMs }: { readonly rounds: number; readonly visitMs: number },
): Map<string, Measured> {
  // What is not compiled yet would be measured as slow: one visit each, thrown away.
  for (const subject of subjects) visit(subject, visitMs);
  const samples = new Map(subjects.map(({ name }): [string, number[]] => [name, []]));
  const prng = new Prng('rounds');
  for (let round = 0; round < rounds; round++)
    for (const subject of prng.shuffled(subjects))
      samples.get(subject.name)?.push(visit(subject, visitMs));
  return new Map(
    [...samples].map(([name, values]) => {
      const sorted = sortedCopy(values);
      const [leastNs, medianNs, mostNs] = [0, 0.5, 1].map((p) => quantileSorted(sorted, p));
      return [name, { leastNs: leastNs!, medianNs: medianNs!, mostNs: mostNs! }];
    }),
  );
}

function visit(subject: Subject, visitMs: number): number {
  let spentNs = 0;
  let runs = 0;
  while (spentNs < visitMs * 1e6) {
    subject.prepare?.();
    const from = process.hrtime.bigint();
    subject.run();
    spentNs += Number(process.hrtime.bigint() - from);
    runs++;
  }
  return spentNs / (runs * subject.count);
}
