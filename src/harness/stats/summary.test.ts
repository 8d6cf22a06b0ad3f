import { describe, expect, it } from 'vitest';

import { summarize } from './summary.ts';

describe('a summary', () => {
  it('of nothing knows nothing', () => {
    expect(summarize([])).toEqual({
      count: 0,
      min: null,
      max: null,
      mean: null,
      jitter: null,
      quantiles: [
        { p: 0.5, value: null, interval: null, needsCount: 6 },
        { p: 0.9, value: null, interval: null, needsCount: 36 },
        { p: 0.99, value: null, interval: null, needsCount: 368 },
        { p: 0.999, value: null, interval: null, needsCount: 3_688 },
      ],
    });
  });

  it('of twenty requests has a median, but no p90 and no p99', () => {
    const latencyNs = Array.from({ length: 20 }, (_, i) => 1_000 + ((i * 7) % 20));
    const { quantiles, ...rest } = summarize(latencyNs);
    expect(rest).toMatchObject({ count: 20, min: 1_000, max: 1_019, mean: 1_009.5 });
    expect(quantiles.map(({ value }) => value)).toEqual([1_009, null, null, null]);
    expect(quantiles.map(({ interval }) => interval)).toEqual([
      { low: 1_005, high: 1_014 },
      null,
      null,
      null,
    ]);
  });

  it('takes the jitter in the order of sending, and leaves that order alone', () => {
    const latencyNs = [100, 116, 84];
    expect(summarize(latencyNs).jitter).toBe(2.9375);
    expect(latencyNs).toEqual([100, 116, 84]);
  });

  it('asks for more samples at a higher confidence', () => {
    const needs = summarize([1], 0.99).quantiles.map(({ needsCount }) => needsCount);
    expect(needs).toEqual([8, 51, 528, 5_296]);
  });
});
