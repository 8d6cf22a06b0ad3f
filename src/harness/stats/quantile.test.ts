import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { quantileSorted, rankOf, sortedCopy } from './quantile.ts';

describe('the nearest-rank quantile', () => {
  it.each([
    // R: quantile(1:10, p, type = 1)
    [0, 1],
    [0.1, 1],
    [0.11, 2],
    [0.5, 5],
    [0.51, 6],
    [0.9, 9],
    [0.99, 10],
    [1, 10],
  ])('of 1 … 10 at p = %d is %d', (p, expected) => {
    expect(quantileSorted([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], p)).toBe(expected);
  });

  it('has the exact rank wherever p · n is whole, although the product of doubles is not', () => {
    expect(100 * 0.07).toBeGreaterThan(7);
    for (let count = 1; count <= 3_000; count++)
      for (const thousandths of [7, 70, 290, 500, 900, 990, 999])
        expect(rankOf(count, thousandths / 1_000)).toBe(
          Number((BigInt(count) * BigInt(thousandths) + 999n) / 1_000n),
        );
  });

  it('is the smallest value that at least p of all values do not exceed', () => {
    const order = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), order, (values, thousandths) => {
        const enough = (bound: number): boolean =>
          1_000 * values.filter((value) => value <= bound).length >= thousandths * values.length;
        const smallest = Math.min(...values.filter(enough));
        expect(quantileSorted(sortedCopy(values), thousandths / 1_000)).toBe(smallest);
      }),
    );
  });

  it('refuses an empty sample', () => {
    expect(() => quantileSorted([], 0.5)).toThrow('at least one value');
  });
});

it('sortedCopy sorts by number and leaves its argument alone', () => {
  const values = [10, 9, 100, -1];
  expect([...sortedCopy(values)]).toEqual([-1, 9, 10, 100]);
  expect(values).toEqual([10, 9, 100, -1]);
});
