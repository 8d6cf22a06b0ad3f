/**
 * How often the paired interval is right, on simulated rounds with a known answer: 25 requests per round and path, a
 * skewed (log-normal) latency, a state of its own for each visit (3 µs), and a random walk that both paths share. The
 * head of `round-bootstrap.ts` has the numbers of a larger run.
 */
import { describe, expect, it } from 'vitest';

import { Prng } from '../../base/prng.ts';
import { compareRounds, isTooFew, type Statistic } from './round-bootstrap.ts';
import { verdictOf } from './verdict.ts';

const statistics: readonly Statistic[] = [
  { kind: 'quantile', p: 0.5 },
  { kind: 'quantile', p: 0.9 },
  { kind: 'mean' },
];

describe('on simulated rounds, p50, p90 and mean', () => {
  it('of one path under two names are told apart in at most 5 % of trials', () => {
    const claimed = [10, 20, 40].map((rounds) =>
      simulate({ rounds, trials: 200, driftNs: 2_000, shiftNs: 0 }),
    );
    const shares = claimed.map((results) => results.map((result) => result.claimed));
    expect(shares.map((row, i) => `${10 << i} rounds: ${row.map(percent).join(', ')}`))
      .toMatchInlineSnapshot(`
      [
        "10 rounds: 3.5 %, 4.0 %, 3.0 %",
        "20 rounds: 0.5 %, 3.0 %, 4.5 %",
        "40 rounds: 4.0 %, 4.0 %, 5.5 %",
      ]
    `);
    for (const i of statistics.keys())
      expect(average(shares.map((row) => row[i]!))).toBeLessThanOrEqual(0.05);
  });

  it('cover a shift in at least 94 % of trials under a drift five times as strong', () => {
    const results = simulate({ rounds: 20, trials: 200, driftNs: 10_000, shiftNs: 2_000 });
    const covered = results.map((result) => result.covered);
    expect(covered.map(percent)).toMatchInlineSnapshot(`
      [
        "98.5 %",
        "97.5 %",
        "95.5 %",
      ]
    `);
    for (const share of covered) expect(share).toBeGreaterThanOrEqual(0.94);
  });
});

interface Simulation {
  readonly rounds: number;
  readonly trials: number;
  readonly driftNs: number;
  readonly shiftNs: number;
}

/** For each statistic, the share of trials that cover the shift, and of those that claim a difference. */
function simulate({ rounds, trials, driftNs, shiftNs }: Simulation): {
  covered: number;
  claimed: number;
}[] {
  const prng = new Prng(`rounds ${rounds}, drift ${driftNs}`);
  const result = statistics.map(() => ({ covered: 0, claimed: 0 }));
  for (let trial = 0; trial < trials; trial++) {
    const base: number[][] = [];
    const other: number[][] = [];
    let commonNs = 100_000;
    for (let round = 0; round < rounds; round++) {
      commonNs += driftNs * prng.normal();
      base.push(visit(prng, commonNs));
      other.push(visit(prng, commonNs + shiftNs));
    }
    const options = { seed: `trial ${trial}`, resamples: 1_000 };
    for (const [i, estimate] of compareRounds(base, other, statistics, options).entries()) {
      if (isTooFew(estimate)) throw new Error('too few');
      const { low, high } = estimate.difference.interval;
      if (low <= shiftNs && shiftNs <= high) result[i]!.covered += 1 / trials;
      // Resolution 0: the interval alone decides.
      if (verdictOf(estimate, 0).kind !== 'no-difference') result[i]!.claimed += 1 / trials;
    }
  }
  return result;
}

function average(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** One path's samples of one round. */
function visit(prng: Prng, levelNs: number): number[] {
  const stateNs = 3_000 * prng.normal();
  return Array.from({ length: 25 }, () =>
    Math.round(levelNs + stateNs + 20_000 * Math.exp(0.8 * prng.normal())),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
