import { describe, expect, it } from 'vitest';

import type { Address } from '../base/ids.ts';
import { isOnline, noteHeld, Sessions } from './session.ts';

const [a, b, c] = [1, 2, 3] as [Address, Address, Address];

describe('sessions', () => {
  it('forget who has not asked for longest when one too many asks', () => {
    const sessions = new Sessions(2);
    sessions.request(0, a);
    sessions.request(0, b);
    sessions.request(1_000, a);
    sessions.request(1_000, c);
    expect(sessions.size).toBe(2);
    expect(sessions.get(b)).toBeUndefined();
    expect(sessions.online(1_000).map(({ address }) => address)).toEqual([a, c]);
  });

  it('last two minutes, and are counted from the last request that was answered', () => {
    const sessions = new Sessions(2);
    const session = sessions.request(0, a)!;
    expect(sessions.request(999, a)).toBeNull();
    expect([isOnline(session, 119_999), isOnline(session, 120_000)]).toEqual([true, false]);
    expect(sessions.online(120_000)).toEqual([]);
    expect(sessions.request(120_000, a)).toBe(session);
    expect(isOnline(session, 120_000)).toBe(true);
  });

  it('count configurations that were sent and are not held, until one is', () => {
    const session = new Sessions(1).request(0, a)!;
    noteHeld(session, 0n);
    expect(session.lostConfigs).toBe(0);
    session.issuedAt = 1_000n;
    noteHeld(session, 0n);
    noteHeld(session, 999n);
    // Who does not say what it holds says nothing about it.
    noteHeld(session, null);
    expect(session.lostConfigs).toBe(2);
    noteHeld(session, 1_000n);
    expect(session.lostConfigs).toBe(0);
  });
});
