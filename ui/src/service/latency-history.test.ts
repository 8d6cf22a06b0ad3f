/** What is kept of latencies has bounds, and gaps stay gaps. */
import { describe, expect, it } from 'vitest';

import { LatencyHistory, samplesMax, subjectsMax } from './latency-history.ts';

describe('the latencies that are kept', () => {
  it('are those of successive answers, also where none was known', () => {
    const history = new LatencyHistory();
    history.note('a', 0, 12);
    history.note('a', 10_000, null);
    history.note('a', 10_500, 99);
    expect(history.of('a')).toEqual([
      { at: 0, latencyMs: 12 },
      { at: 10_000, latencyMs: null },
    ]);
    expect(history.of('a')).toBe(history.of('a'));
    expect(history.of('b')).toEqual([]);
  });

  it('are so many and no more, the latest', () => {
    const history = new LatencyHistory();
    for (let i = 0; i <= samplesMax; i++) history.note('a', i * 1_000, i);
    expect(history.of('a')).toHaveLength(samplesMax);
    expect(history.of('a')[0]?.latencyMs).toBe(1);
    expect(history.of('a').at(-1)?.latencyMs).toBe(samplesMax);
  });

  it('are forgotten of whom nothing was noted for the longest time', () => {
    const history = new LatencyHistory();
    for (let i = 0; i < subjectsMax; i++) history.note(String(i), 0, 1);
    history.note('0', 1_000, 2);
    history.note('one more', 1_000, 1);
    expect(history.of('0')).toHaveLength(2);
    expect(history.of('1')).toEqual([]);
    expect(history.of('2')).toHaveLength(1);
  });
});
