import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { resolutionFrom, roundOutTo, roundTo, stepOf } from './resolution.ts';

describe('the resolution', () => {
  it.each([
    [-1_100, 800, 1, 2_000],
    [-200, 5_000, 1, 5_000],
    [-200, 5_001, 1, 10_000],
    [0, 0, 0, 1],
    [-3, 2, 41, 50],
    [-0.4, 1.2, 1, 2],
  ])(
    'of an A/A difference in [%d, %d] and a clock step of %d is %d',
    (low, high, step, expected) => {
      expect(resolutionFrom({ low, high }, step)).toBe(expected);
    },
  );

  it('is the smallest of its kind that covers the bounds', () => {
    const bound = fc.integer({ min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(bound, bound, fc.nat(1_000), (a, b, step) => {
        const bounds = { low: Math.min(a, b), high: Math.max(a, b) };
        const resolution = resolutionFrom(bounds, step);
        const needed = Math.max(Math.abs(a), Math.abs(b), step);
        expect(resolution).toBeGreaterThanOrEqual(needed);
        expect(String(resolution)).toMatch(/^[125]0*$/);
        if (resolution > 1) expect(resolution / 2.5).toBeLessThan(needed);
      }),
    );
  });

  it('refuses bounds that are not finite', () => {
    expect(() => resolutionFrom({ low: 0, high: Number.NaN }, 1)).toThrow('finite');
  });
});

describe('rounding', () => {
  it.each([
    [117_649, 2_000, 118_000],
    [117_649, 500, 117_600],
    [-450, 100, -500],
    [1.4, 0, 1],
    [400, 1_000, 0],
    [-400, 1_000, 0],
  ])('of %d at resolution %d is %d', (value, resolution, expected) => {
    expect(roundTo(value, resolution)).toBe(expected);
  });

  it('of a bound goes outwards', () => {
    expect(roundOutTo(2_001, 1_000)).toBe(3_000);
    expect(roundOutTo(-2_001, 1_000)).toBe(-3_000);
    expect(roundOutTo(2_000, 1_000)).toBe(2_000);
  });

  it('keeps the decimal digit of the resolution', () => {
    expect([0, 0.1, 1, 9, 10, 20, 5_000].map(stepOf)).toEqual([1, 1, 1, 1, 10, 10, 1_000]);
  });
});
