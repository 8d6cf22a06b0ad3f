import { describe, expect, it } from 'vitest';

import { Prng } from '../src/base/prng.ts';
import { Link, perfectLink, type LinkLoss, type LinkQuality } from './link.ts';

const count = 2_000;

/** What becomes of many packets that go in one ms apart. */
function send(quality: Partial<LinkQuality>, length = 100): (readonly number[] | LinkLoss)[] {
  const link = new Link({ ...perfectLink, ...quality }, new Prng('link'));
  return Array.from({ length: count }, (_, i) => link.transit(i, length));
}

function arrivals(results: readonly (readonly number[] | LinkLoss)[]): number[] {
  return results.flatMap((result) => (typeof result === 'string' ? [] : result));
}

describe('a line', () => {
  it('delays', () => {
    expect(send({ delayMs: 7 }).slice(0, 3)).toEqual([[7], [8], [9]]);
  });

  it('jitters without changing the order', () => {
    const times = arrivals(send({ delayMs: 7, jitterMs: 30 }));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const delays = times.map((time, i) => time - i);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(7);
    expect(Math.max(...delays)).toBeGreaterThan(30);
    expect(Math.max(...delays)).toBeLessThanOrEqual(37);
  });

  it('loses as many as it is told to', () => {
    const lost = send({ lossRatio: 0.2 }).filter((result) => result === 'lost').length;
    expect(lost / count).toBeGreaterThan(0.17);
    expect(lost / count).toBeLessThan(0.23);
  });

  it('duplicates', () => {
    const twice = send({ duplicateRatio: 0.1 }).filter((result) => result.length === 2).length;
    expect(twice / count).toBeGreaterThan(0.07);
    expect(twice / count).toBeLessThan(0.13);
  });

  it('lets packets overtake each other', () => {
    const times = arrivals(send({ delayMs: 5, reorderRatio: 0.1, reorderMs: 20 }));
    const overtaken = times.filter((time, i) => time > (times[i + 1] ?? Infinity)).length;
    expect(overtaken).toBeGreaterThan(count * 0.05);
  });

  it('carries so many bits per second, headers counted', () => {
    // 100 bytes and 28 of headers at 512 kbit/s take 2 ms; one goes in each ms, and 16 fit the queue.
    const results = send({ rateBits: 512_000, queueBytesMax: 16 * 128 });
    expect(results.slice(0, 3)).toEqual([[2], [4], [6]]);
    expect(results.filter((result) => result === 'queue-full').length).toBeGreaterThan(
      count * 0.45,
    );
    const times = arrivals(results);
    expect(Math.max(...times.slice(1).map((time, i) => time - times[i]!))).toBeLessThanOrEqual(3);
  });

  it('that is down carries nothing, and is soon up again', () => {
    const link = new Link(perfectLink, new Prng('link'));
    link.set({ isUp: false });
    expect(link.transit(0, 1)).toBe('link-down');
    link.set({ isUp: true });
    expect(link.transit(1, 1)).toEqual([1]);
  });
});
