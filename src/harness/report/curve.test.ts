import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { thinCurve, thinSeries } from './curve.ts';

const latencies = fc.array(fc.integer({ min: 1, max: 1e9 }), { maxLength: 3_000 });

describe('a thinned curve', () => {
  it('goes through the samples, rises, and ends at the slowest', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sorted = Float64Array.from(values).sort();
        const curve = thinCurve(sorted);
        expect(curve.length).toBeLessThanOrEqual(Math.min(330, sorted.length));
        for (const { ratio, latencyNs } of curve)
          expect(sorted[Math.round(ratio * sorted.length) - 1]).toBe(latencyNs);
        expect(curve.map(({ ratio }) => ratio)).toEqual(
          [...new Set(curve.map(({ ratio }) => ratio))].sort((a, b) => a - b),
        );
        if (sorted.length > 0) expect(curve.at(-1)).toEqual({ ratio: 1, latencyNs: sorted.at(-1) });
      }),
      { numRuns: 60 },
    );
  });

  it('stays small for a long run', () => {
    const curve = thinCurve(Float64Array.from({ length: 1_000_000 }, (_, i) => i + 1));
    expect(curve.length).toBeLessThan(330);
  });
});

describe('a thinned series', () => {
  it('keeps the order and the slowest, makes nothing up, and keeps its maximum', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 3, max: 90 }), (values, pointsMax) => {
        const points = values.map((latencyNs, i) => ({ atNs: i, latencyNs }));
        const kept = thinSeries(points, pointsMax);
        expect(kept.length).toBeLessThanOrEqual(Math.max(pointsMax, 3));
        for (const point of kept) expect(points[point.atNs]).toBe(point);
        expect(kept.map(({ atNs }) => atNs)).toEqual(
          kept.map(({ atNs }) => atNs).sort((a, b) => a - b),
        );
        expect(Math.max(...kept.map(({ latencyNs }) => latencyNs))).toBe(Math.max(...values));
      }),
      { numRuns: 100 },
    );
  });
});
