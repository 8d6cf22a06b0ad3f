import { describe, expect, it } from 'vitest';

import { ConfigPoll, configRefreshMs, configRetryMsMax } from './config-poll.ts';

/** The times of the first `count` questions. */
function questions(poll: ConfigPoll, count: number): number[] {
  return Array.from({ length: count }, () => {
    const at = poll.nextAtMs;
    poll.asked(at);
    return at;
  });
}

describe('asking for a configuration', () => {
  it('begins at once, and goes on more and more slowly while there is no answer', () => {
    const times = questions(new ConfigPoll(1_000), 18);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(times[0]).toBe(1_000);
    expect(gaps.map(Math.round)).toEqual([
      1100, 1100, 1100, 1100, 1100, 1100, 1100, 1100, 1375, 1719, 2148, 2686, 3357, 4196, 5000,
      5000, 5000,
    ]);
  });

  it('asks a controller never twice within the second in which it answers once', () => {
    const times = questions(new ConfigPoll(0), 100);
    for (const [i, time] of times.slice(1).entries()) {
      expect(time - times[i]!).toBeGreaterThan(1_000);
      expect(time - times[i]!).toBeLessThanOrEqual(configRetryMsMax);
    }
  });

  it('rests for a minute after each configuration', () => {
    const poll = new ConfigPoll(0);
    questions(poll, 10);
    poll.configured(30_000);
    expect(poll.nextAtMs).toBe(30_000 + configRefreshMs);
    expect(questions(poll, 2)).toEqual([90_000, 91_100]);
  });

  it('begins anew when somebody asks it to', () => {
    const poll = new ConfigPoll(0);
    questions(poll, 10);
    poll.restart(40_000);
    expect(questions(poll, 2)).toEqual([40_000, 41_100]);
  });
});
