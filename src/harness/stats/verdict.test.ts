import { describe, expect, it } from 'vitest';

import type { PairedEstimate, TooFew } from './round-bootstrap.ts';
import { verdictOf } from './verdict.ts';

const basis = {
  statistic: { kind: 'quantile', p: 0.5 },
  rounds: 10,
  roundsDropped: 0,
  count: 500,
} as const;

function estimate(value: number, low: number, high: number): PairedEstimate {
  const at = (centre: number): PairedEstimate['base'] => ({
    value: centre,
    interval: { low: centre, high: centre },
  });
  return {
    ...basis,
    base: at(100_000),
    other: at(100_000 + value),
    difference: { value, interval: { low, high } },
    ratio: at(1 + value / 100_000),
  };
}

describe('a verdict', () => {
  it('claims a difference whose interval excludes 0 and which the harness can resolve', () => {
    expect(verdictOf(estimate(115_000, 113_000, 118_000), 2_000)).toMatchObject({
      kind: 'higher',
      difference: { value: 115_000, interval: { low: 113_000, high: 118_000 } },
      ratio: { value: 2.15 },
    });
    expect(verdictOf(estimate(-115_000, -118_000, -113_000), 2_000).kind).toBe('lower');
  });

  it('claims none below the resolution, however narrow the interval', () => {
    expect(verdictOf(estimate(1_500, 1_400, 1_600), 2_000)).toEqual({
      kind: 'no-difference',
      withinNs: 2_000,
    });
    expect(verdictOf(estimate(2_000, 1_900, 2_100), 2_000).kind).toBe('higher');
  });

  it('claims none where the interval holds or touches 0, and says within what', () => {
    expect(verdictOf(estimate(3_000, -1_000, 7_300), 1_000)).toEqual({
      kind: 'no-difference',
      withinNs: 8_000,
    });
    expect(verdictOf(estimate(-3_000, -9_000, 0), 0)).toEqual({
      kind: 'no-difference',
      withinNs: 9_000,
    });
  });

  it('passes on that there is too little to say', () => {
    const few: TooFew = { ...basis, needsRounds: 6, needsCount: 368, rounds: 4, count: 200 };
    expect(verdictOf(few, 1)).toEqual({
      kind: 'too-few',
      needsRounds: 6,
      needsCount: 368,
      rounds: 4,
      count: 200,
    });
  });
});
