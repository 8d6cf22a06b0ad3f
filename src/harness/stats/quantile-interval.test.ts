import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Prng } from '../../base/prng.ts';
import { quantileInterval, samplesNeeded } from './quantile-interval.ts';
import { quantileSorted, sortedCopy } from './quantile.ts';

/** 1 … count: the interval of its quantiles is a pair of ranks. */
const ranks = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => i + 1);

describe('samplesNeeded', () => {
  it.each([
    [0.5, 6],
    [0.1, 36],
    [0.9, 36],
    [0.99, 368],
    [0.999, 3_688],
  ])('at 95 %% for p = %d is %d', (p, count) => {
    expect(samplesNeeded(p)).toBe(count);
    expect(quantileInterval(ranks(count - 1), p)).toBeNull();
    expect(quantileInterval(ranks(count), p)).not.toBeNull();
  });

  it('is exact where the tail is a power of p', () => {
    expect(samplesNeeded(0.5, 1 - 2 ** -5)).toBe(6);
    expect(quantileInterval(ranks(6), 0.5, 1 - 2 ** -5)).toEqual({ low: 1, high: 6 });
  });
});

describe('the ranks of an interval', () => {
  it.each([
    // By exact rational arithmetic (Python's fractions), n = 6 … 100 as in any table of the sign test.
    [6, 0.5, 1, 6],
    [10, 0.5, 2, 9],
    [20, 0.5, 6, 15],
    [100, 0.5, 40, 61],
    [368, 0.99, 360, 368],
    [3_688, 0.999, 3_680, 3_688],
  ])('for n = %d, p = %d are %d and %d', (count, p, low, high) => {
    expect(quantileInterval(ranks(count), p)).toEqual({ low, high });
  });

  it('cut no more than 2.5 % from either end, and no rank more would do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 900 }), fc.integer({ min: 5, max: 995 }), (n, per) => {
        const p = per / 1_000;
        const interval = quantileInterval(ranks(n), p);
        fc.pre(interval !== null);
        const { low, high } = interval;
        expect(atMost(low - 1, n, p)).toBeLessThanOrEqual(0.025);
        expect(atMost(low, n, p)).toBeGreaterThan(0.025);
        expect(atMost(n - high, n, 1 - p)).toBeLessThanOrEqual(0.025);
        expect(atMost(n - high + 1, n, 1 - p)).toBeGreaterThan(0.025);
      }),
    );
  });

  it('stay in the sample and around the estimate for a million values', () => {
    const million = ranks(1_000_000);
    // The normal approximation: 0.5 n ± 1.96 · √(n/4) = 500,000 ± 980.
    expect(quantileInterval(million, 0.5)).toEqual({ low: 499_020, high: 500_981 });
  });
});

describe('the interval', () => {
  const sample = fc.array(fc.nat(1_000), { minLength: 40, maxLength: 120 }).map(sortedCopy);
  const order = fc.integer({ min: 10, max: 90 }).map((percent) => percent / 100);

  it('contains the estimate', () => {
    fc.assert(
      fc.property(sample, order, (sorted, p) => {
        const { low, high } = quantileInterval(sorted, p)!;
        const estimate = quantileSorted(sorted, p);
        expect(low).toBeLessThanOrEqual(estimate);
        expect(high).toBeGreaterThanOrEqual(estimate);
      }),
    );
  });

  it('rises with p', () => {
    fc.assert(
      fc.property(sample, order, order, (sorted, p, q) => {
        const lower = quantileInterval(sorted, Math.min(p, q))!;
        const upper = quantileInterval(sorted, Math.max(p, q))!;
        expect(lower.low).toBeLessThanOrEqual(upper.low);
        expect(lower.high).toBeLessThanOrEqual(upper.high);
      }),
    );
  });

  it('widens with the confidence', () => {
    fc.assert(
      fc.property(sample, (sorted) => {
        const usual = quantileInterval(sorted, 0.5, 0.95)!;
        const sure = quantileInterval(sorted, 0.5, 0.99)!;
        expect(sure.low).toBeLessThanOrEqual(usual.low);
        expect(sure.high).toBeGreaterThanOrEqual(usual.high);
      }),
    );
  });

  it('moves and scales with the values', () => {
    fc.assert(
      fc.property(
        sample,
        order,
        fc.nat(1_000),
        fc.integer({ min: 1, max: 9 }),
        (s, p, by, times) => {
          const { low, high } = quantileInterval(s, p)!;
          expect(
            quantileInterval(
              s.map((value) => value * times + by),
              p,
            ),
          ).toEqual({
            low: low * times + by,
            high: high * times + by,
          });
        },
      ),
    );
  });
});

describe('coverage on a log-normal distribution (log-deviation 1)', () => {
  it('is at least 94 % for nominal 95 %, with the widths stated', () => {
    const cases = [
      [6, 0.5, 4_000],
      [20, 0.5, 4_000],
      [200, 0.5, 2_000],
      [50, 0.9, 4_000],
      [500, 0.9, 1_000],
      [368, 0.99, 2_000],
      [2_000, 0.99, 400],
      [3_688, 0.999, 400],
    ] as const;
    const rows = cases.map(([count, p, trials]) => {
      const { coverage, width } = simulate(count, p, trials);
      expect(coverage).toBeGreaterThanOrEqual(0.94);
      return `n ${count} p ${p}: covers ${(100 * coverage).toFixed(1)} %, width ${width.toFixed(2)} of the quantile`;
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "n 6 p 0.5: covers 96.3 %, width 3.06 of the quantile",
        "n 20 p 0.5: covers 95.8 %, width 1.21 of the quantile",
        "n 200 p 0.5: covers 95.5 %, width 0.37 of the quantile",
        "n 50 p 0.9: covers 96.6 %, width 1.82 of the quantile",
        "n 500 p 0.9: covers 95.9 %, width 0.32 of the quantile",
        "n 368 p 0.99: covers 96.8 %, width 1.04 of the quantile",
        "n 2000 p 0.99: covers 94.5 %, width 0.35 of the quantile",
        "n 3688 p 0.999: covers 96.8 %, width 0.75 of the quantile",
      ]
    `);
  });
});

/** How often the true quantile is inside, and the median width in units of the true quantile. */
function simulate(count: number, p: number, trials: number): { coverage: number; width: number } {
  const prng = new Prng(`coverage ${count} ${p}`);
  const truth = Math.exp(normalQuantiles[p]!);
  const widths: number[] = [];
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const sorted = Float64Array.from({ length: count }, () => Math.exp(prng.normal())).sort();
    const { low, high } = quantileInterval(sorted, p)!;
    if (low <= truth && truth <= high) covered++;
    widths.push((high - low) / truth);
  }
  return { coverage: covered / trials, width: quantileSorted(sortedCopy(widths), 0.5) };
}

/** From any table of the normal distribution. */
const normalQuantiles: Readonly<Record<number, number>> = {
  0.5: 0,
  0.9: 1.2815515655,
  0.99: 2.326347874,
  0.999: 3.0902323062,
};

/** P(B ≤ k) for B binomial (n, p), by sums of logarithms: the slow twin of the weights. */
function atMost(k: number, n: number, p: number): number {
  let logWeight = n * Math.log1p(-p);
  let sum = k >= 0 ? Math.exp(logWeight) : 0;
  for (let i = 1; i <= k; i++) {
    logWeight += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logWeight);
  }
  return sum;
}
