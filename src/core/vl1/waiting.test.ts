import { describe, expect, it } from 'vitest';

import type { Address } from '../../base/ids.ts';
import { WaitingList } from './waiting.ts';

const a = 1 as Address;
const b = 2 as Address;
const entry = (address: Address, sinceMs: number): { address: Address; sinceMs: number } => ({
  address,
  sinceMs,
});
const times = (entries: readonly { sinceMs: number }[]): number[] =>
  entries.map(({ sinceMs }) => sinceMs);

describe('a waiting list', () => {
  it('gives what waits for an address, first in first out', () => {
    const list = new WaitingList(10);
    for (const [address, ms] of [
      [a, 1],
      [b, 2],
      [a, 3],
    ] as const)
      list.add(entry(address, ms));
    expect(times(list.take(a))).toEqual([1, 3]);
    expect(list.has(a)).toBe(false);
    expect(list.size).toBe(1);
  });

  it('puts back what has to wait on before what came later', () => {
    const list = new WaitingList(10);
    list.add(entry(a, 1));
    list.add(entry(a, 2));
    const [, second] = list.take(a);
    list.add(entry(a, 3));
    list.putBack([second!]);
    expect(times(list.take(a))).toEqual([2, 3]);
  });

  it('loses the oldest when it is full, also by putting back', () => {
    const list = new WaitingList(3);
    for (let ms = 1; ms <= 5; ms++) list.add(entry(a, ms));
    expect(list.evicted).toBe(2);
    const taken = list.take(a);
    for (let ms = 6; ms <= 8; ms++) list.add(entry(b, ms));
    list.putBack(taken);
    expect(list.size).toBe(3);
    expect(times(list.take(b))).toEqual([6, 7, 8]);
    expect(list.evicted).toBe(5);
  });

  it('gives up after 5 seconds', () => {
    const list = new WaitingList(3);
    list.add(entry(a, 1_000));
    list.add(entry(a, 2_000));
    expect(list.nextTimeoutMs()).toBe(6_000);
    list.expire(5_999);
    expect(list.size).toBe(2);
    list.expire(6_000);
    expect(times(list.take(a))).toEqual([2_000]);
    expect(list.expired).toBe(1);
    expect(list.nextTimeoutMs()).toBe(Infinity);
  });
});
