import { describe, expect, it } from 'vitest';

import { figureText, leftText, unitOf } from './live-figures.ts';

const path = { label: 'a', measuredCount: 9, lostCount: 0, needs: { p50: 6, p99: 368 }, curve: [] };

describe('figures of a run that goes on', () => {
  it('are in one unit for all paths, or say what they take', () => {
    const paths = [118_000, 233_000].map((p50Ns) => ({ ...path, p50Ns, p99Ns: null }));
    const unit = unitOf(paths);
    expect(paths.map(({ p50Ns }) => figureText(p50Ns, unit, 6))).toEqual(['118.0 µs', '233.0 µs']);
    expect(figureText(null, unit, 368)).toBe('needs ≥ 368');
  });

  it('say the time that is left as people do', () => {
    const left = [0, 0.2, 59.1, 61, 599, 3_600].map((s) => leftText(s * 1e9));
    expect(left).toEqual(['1 s', '1 s', '1 min 0 s', '1 min 1 s', '9 min 59 s', '60 min']);
  });
});
