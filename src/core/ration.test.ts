import { describe, expect, it } from 'vitest';

import type { Address } from '../base/ids.ts';
import { Ration, rationedMax } from './ration.ts';
import { RecentlyRefused, refusalMs, refusedMax } from './vl2/recently-refused.ts';

const node = (number: number): Address => (number + 1) as Address;

describe('a ration', () => {
  it('is given out at once, and then bit by bit', () => {
    const ration = new Ration(4, 1_000);
    const times = [0, 0, 0, 0, 0, 999, 1_000, 1_000, 2_000];
    expect(times.map((time) => ration.take(time, node(1)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(ration.take(2_000, node(2))).toBe(true);
  });

  it('is whole again after a while, and not more than that', () => {
    const ration = new Ration(2, 1_000);
    ration.take(0, node(1));
    expect([1, 2, 3].map(() => ration.take(60_000, node(1)))).toEqual([true, true, false]);
  });

  it('does not count what is given back', () => {
    const ration = new Ration(1, 1_000);
    expect(ration.take(0, node(1))).toBe(true);
    ration.giveBack(node(1));
    ration.giveBack(node(2));
    expect(ration.take(0, node(1))).toBe(true);
    expect(ration.take(0, node(1))).toBe(false);
  });

  it('remembers so many, and forgets those first who owe nothing', () => {
    const ration = new Ration(1, 1_000);
    for (let i = 0; i < rationedMax - 1; i++) ration.take(0, node(i));
    ration.take(500, node(rationedMax));
    ration.take(1_000, node(rationedMax + 1));
    expect(ration.size).toBe(2);
    expect(ration.take(1_000, node(rationedMax))).toBe(false);
    for (let i = 0; i < 2 * rationedMax; i++) ration.take(1_000, node(i));
    expect(ration.size).toBeLessThanOrEqual(rationedMax);
  });
});

describe('who was refused', () => {
  it('is told so ten times a second, not more', () => {
    const refused = new RecentlyRefused();
    const told = Array.from({ length: 1_000 }, (_, ms) => refused.mayAnswer(ms, node(1)));
    expect(told.filter(Boolean)).toHaveLength(1_000 / refusalMs);
  });

  it('is remembered up to a number', () => {
    const refused = new RecentlyRefused();
    for (let i = 0; i < 3 * refusedMax; i++) {
      refused.mayAnswer(0, node(i));
      expect(refused.size).toBeLessThanOrEqual(refusedMax);
    }
    expect(refused.mayAnswer(0, node(3 * refusedMax - 1))).toBe(false);
  });
});
