/** The line of latencies. */
import { describe, expect, it } from 'vitest';

import type { LatencySample } from '../../service/latency-history.ts';
import { sparkPath } from './spark-path.ts';

const samples = (...latencies: readonly (number | null)[]): LatencySample[] =>
  latencies.map((latencyMs, i) => ({ at: i, latencyMs }));

describe('the line of latencies', () => {
  it('goes from old to new, the highest at the top and the latest at the right', () => {
    expect(sparkPath(samples(0, 10), 2)).toBe('M1.5 16.5L1.5 16.5L62.5 1.5');
  });

  it('begins at the right while there is little of it', () => {
    expect(sparkPath(samples(10), 60)).toBe('M62.5 1.5L62.5 1.5');
  });

  it('has a gap where none was known, and is nothing where none ever was', () => {
    expect(sparkPath(samples(4, null, 2), 3)).toBe('M1.5 1.5L1.5 1.5M62.5 9.0L62.5 9.0');
    expect(sparkPath(samples(null, null), 2)).toBe('');
    expect(sparkPath([], 2)).toBe('');
  });
});
