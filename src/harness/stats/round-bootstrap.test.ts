import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Prng } from '../../base/prng.ts';
import {
  compareRounds,
  estimateRounds,
  isTooFew,
  type PairedEstimate,
  type Statistic,
} from './round-bootstrap.ts';
import { RoundPool } from './round-pool.ts';
import { expandedTail, studentQuantile } from './student.ts';

const median: Statistic = { kind: 'quantile', p: 0.5 };
const p90: Statistic = { kind: 'quantile', p: 0.9 };
const mean: Statistic = { kind: 'mean' };

type Rounds = readonly (readonly number[])[];

/** Rounds of uneven length with many ties, long enough for several blocks of the pool's table. */
const rounds = (count: number): fc.Arbitrary<Rounds> =>
  fc.array(fc.array(fc.nat(300), { minLength: 6, maxLength: 60 }), {
    minLength: count,
    maxLength: count,
  });
const pairs = fc.integer({ min: 6, max: 12 }).chain((n) => fc.tuple(rounds(n), rounds(n)));
const few = { seed: 'a seed', resamples: 40 };

function compared(base: Rounds, other: Rounds, statistics = [median, p90]): PairedEstimate[] {
  return compareRounds(base, other, statistics, few).map((estimate) => {
    if (isTooFew(estimate)) throw new Error('too few');
    return estimate;
  });
}

describe('the pool of rounds', () => {
  it('finds every quantile that sorting the drawn samples finds', () => {
    const weighted = fc.integer({ min: 1, max: 8 }).chain((n) =>
      fc.tuple(
        fc.array(fc.array(fc.nat(2_000), { minLength: 1, maxLength: 150 }), {
          minLength: n,
          maxLength: n,
        }),
        fc.array(fc.nat(4), { minLength: n, maxLength: n }).filter((w) => w.some((x) => x > 0)),
      ),
    );
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 999 }), ([samples, weights], thousandths) => {
        const drawn = samples.flatMap(
          (round, r) => Array(weights[r]).fill(round).flat() as number[],
        );
        const pool = new RoundPool(samples);
        const value = (statistic: Statistic): number =>
          pool.value(statistic, Float64Array.from(weights));
        expect(value({ kind: 'quantile', p: thousandths / 1_000 })).toBe(
          naiveQuantile(drawn, thousandths),
        );
        expect(value(mean)).toBe(drawn.reduce((a, b) => a + b, 0) / drawn.length);
      }),
    );
  });
});

describe('a comparison', () => {
  it('equals its slow twin to the bit', () => {
    fc.assert(
      fc.property(pairs, ([base, other]) => {
        for (const [estimate, thousandths] of [
          [compared(base, other, [median])[0]!, 500],
          [compared(base, other, [p90])[0]!, 900],
          [compared(base, other, [mean])[0]!, null],
        ] as const) {
          const twin = slowTwin(base, other, thousandths, few.seed, few.resamples);
          expect(estimate).toEqual({ ...estimate, ...twin });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('contains its estimates in their intervals', () => {
    fc.assert(
      fc.property(pairs, ([base, other]) => {
        for (const { base: b, other: o, difference, ratio } of compared(base, other)) {
          for (const { value, interval } of Number.isFinite(ratio.interval.high)
            ? [b, o, difference, ratio]
            : [b, o, difference]) {
            expect(interval.low).toBeLessThanOrEqual(value);
            expect(interval.high).toBeGreaterThanOrEqual(value);
          }
        }
      }),
    );
  });

  it('rises with p on each path', () => {
    fc.assert(
      fc.property(pairs, ([base, other]) => {
        const [lower, upper] = compared(base, other) as [PairedEstimate, PairedEstimate];
        for (const path of ['base', 'other'] as const) {
          expect(lower[path].value).toBeLessThanOrEqual(upper[path].value);
          expect(lower[path].interval.low).toBeLessThanOrEqual(upper[path].interval.low);
          expect(lower[path].interval.high).toBeLessThanOrEqual(upper[path].interval.high);
        }
      }),
    );
  });

  it('does not see what shifts both paths alike, and scales with the samples', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.nat(500),
        fc.integer({ min: 1, max: 9 }),
        ([base, other], by, times) => {
          const changed = (samples: Rounds): Rounds =>
            samples.map((round) => round.map((value) => value * times + by));
          const before = compared(base, other);
          const after = compared(changed(base), changed(other));
          for (const [i, { base: b, difference }] of before.entries()) {
            expect(after[i]!.difference).toEqual(mapped(difference, (value) => value * times));
            expect(after[i]!.base).toEqual(mapped(b, (value) => value * times + by));
          }
        },
      ),
    );
  });

  it('changes sign when the paths change places', () => {
    fc.assert(
      fc.property(pairs, ([base, other]) => {
        const there = compared(base, other)[0]!.difference;
        const back = compared(other, base)[0]!.difference;
        expect(back.value + there.value).toBe(0);
        expect(back.interval.low + there.interval.high).toBe(0);
        expect(back.interval.high + there.interval.low).toBe(0);
      }),
    );
  });

  it('finds a constant shift exactly, whatever the rounds did', () => {
    fc.assert(
      fc.property(rounds(8), (base) => {
        const other = base.map((round) => round.map((value) => value + 200_000));
        for (const { difference } of compared(base, other))
          expect(difference).toEqual({ value: 200_000, interval: { low: 200_000, high: 200_000 } });
      }),
    );
  });

  it('repeats itself for equal seeds, and not for others', () => {
    const prng = new Prng('rounds');
    const make = (): number[][] =>
      Array.from({ length: 10 }, () => Array.from({ length: 30 }, () => prng.below(1_000_000)));
    const [base, other] = [make(), make()];
    const run = (seed: string): unknown =>
      compareRounds(base, other, [median, mean], { ...few, seed });
    expect(run('one')).toEqual(run('one'));
    expect(run('one')).not.toEqual(run('two'));
  });

  it('of means at equal round lengths is the t interval of the rounds', () => {
    const base = Array.from({ length: 10 }, (_, r) => [100 + r, 102 + r]);
    const other = base.map((round, r) => round.map((value) => value + ((r * 7) % 10) * 4));
    const [estimate] = compareRounds(base, other, [mean], { seed: 'means', resamples: 20_000 });
    if (estimate === undefined || isTooFew(estimate)) throw new Error('too few');
    // The differences are 0, 4, …, 36 in some order: mean 18, s² = 16 · 82.5 / 9; t[0.975, 9] = 2.2622.
    const reach = 2.2622 * Math.sqrt((16 * 82.5) / 9 / 10);
    expect(estimate.difference.value).toBe(18);
    // The standard error of 20,000 resamples is itself known to about 0.5 %.
    expect((estimate.difference.interval.high - 18) / reach).toBeGreaterThan(0.985);
    expect((estimate.difference.interval.high - 18) / reach).toBeLessThan(1.015);
  });
});

describe('rounds', () => {
  const full = Array.from({ length: 8 }, (_, r) => Array.from({ length: 5 }, (_, i) => 10 * r + i));

  it('that lack a path are dropped from both, and counted', () => {
    const base = full.with(2, []);
    const other = full.slice(0, 7);
    const [estimate] = compareRounds(base, other, [median], few);
    const kept = [0, 1, 3, 4, 5, 6].map((r) => full[r]!);
    const [same] = compareRounds(kept, kept, [median], few);
    expect(estimate).toEqual({ ...same, roundsDropped: 2 });
    expect(estimate).toMatchObject({ rounds: 6, count: 30 });
  });

  it('below six are no evidence', () => {
    expect(compareRounds(full.slice(0, 5), full, [median, mean], few)).toEqual([
      { statistic: median, needsRounds: 6, needsCount: 6, rounds: 5, roundsDropped: 3, count: 25 },
      { statistic: mean, needsRounds: 6, needsCount: 6, rounds: 5, roundsDropped: 3, count: 25 },
    ]);
    expect(compareRounds([], [], [median], few)).toMatchObject([{ rounds: 0, count: 0 }]);
  });

  it('with too few samples for a quantile leave the others standing', () => {
    const p99: Statistic = { kind: 'quantile', p: 0.99 };
    const [fifty, ninetyNine] = compareRounds(full, full, [median, p99], few);
    expect(isTooFew(fifty!)).toBe(false);
    expect(ninetyNine).toMatchObject({ needsRounds: 6, needsCount: 368, rounds: 8, count: 40 });
  });

  it('of one path alone give what the pair gives for it', () => {
    const other = full.map((round) => round.map((value) => value * 2));
    const [pair] = compareRounds(full, other, [median], few) as [PairedEstimate];
    const [alone] = estimateRounds(other, [median], few);
    expect(alone).toEqual({
      statistic: median,
      rounds: 8,
      roundsDropped: 0,
      count: 40,
      estimate: pair.other,
    });
  });
});

/** Draws rounds, concatenates, sorts and counts: what the fast way must equal. */
function slowTwin(
  base: Rounds,
  other: Rounds,
  thousandths: number | null,
  seed: string,
  resamples: number,
): Pick<PairedEstimate, 'base' | 'other' | 'difference' | 'ratio'> {
  const prng = new Prng(seed);
  const of = (samples: readonly number[]): number =>
    thousandths === null
      ? samples.reduce((a, b) => a + b, 0) / samples.length
      : naiveQuantile(samples, thousandths);
  const drawn: [number, number][] = [];
  for (let i = 0; i < resamples; i++) {
    const chosen = base.map(() => prng.below(base.length));
    drawn.push([of(chosen.flatMap((r) => base[r]!)), of(chosen.flatMap((r) => other[r]!))]);
  }
  const estimate = (derive: (b: number, o: number) => number): PairedEstimate['base'] => {
    const value = derive(of(base.flat()), of(other.flat()));
    const values = drawn.map(([b, o]) => derive(b, o));
    const sorted = [...values].sort((a, b) => a - b);
    const rank = Math.max(1, Math.floor(expandedTail(base.length, 0.95) * (resamples + 1)));
    const reach =
      thousandths === null
        ? studentQuantile(0.95, base.length - 1) * standardError(values, base.length)
        : 0;
    const interval = {
      low: Math.min(value - reach, sorted.at(rank - 1)!),
      high: Math.max(value + reach, sorted.at(-rank)!),
    };
    return { value, interval };
  };
  return {
    base: estimate((b) => b),
    other: estimate((_, o) => o),
    difference: estimate((b, o) => o - b),
    ratio: estimate((b, o) => o / b),
  };
}

/** By whole numbers: the smallest value that enough values do not exceed. */
function naiveQuantile(samples: readonly number[], thousandths: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted.find((_, i) => 1_000 * (i + 1) >= thousandths * sorted.length)!;
}

function standardError(values: readonly number[], count: number): number {
  const average = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - average) ** 2, 0) / values.length;
  return Math.sqrt((variance * count) / (count - 1));
}

function mapped(
  { value, interval }: PairedEstimate['base'],
  change: (value: number) => number,
): PairedEstimate['base'] {
  return {
    value: change(value),
    interval: { low: change(interval.low), high: change(interval.high) },
  };
}
