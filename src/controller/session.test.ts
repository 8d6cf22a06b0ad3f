import { describe, expect, it } from 'vitest';

import type { Address, PacketId } from '../base/ids.ts';
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
    let packetId = 0n as PacketId;
    const note = (have: bigint | null, nowMs = 0): boolean =>
      noteHeld(session, nowMs, ++packetId as PacketId, have);
    note(0n);
    expect(session.lostConfigs).toBe(0);
    session.issuedAt = 1_000n;
    note(0n);
    note(0n);
    // Who does not say what it holds says nothing about it.
    note(null);
    expect(session.lostConfigs).toBe(2);
    expect(note(1_000n)).toBe(true);
    expect(session.lostConfigs).toBe(0);
    session.issuedAt = 2_000n;
    expect(note(1_000n)).toBe(false);
    expect(session.lostConfigs).toBe(1);
    note(2_000n);
    expect(session.lostConfigs).toBe(0);
  });

  it('do not count what is said in a recording', () => {
    const session = new Sessions(1).request(0, a)!;
    const note = (id: bigint, have: bigint, nowMs: number): boolean =>
      noteHeld(session, nowMs, id as PacketId, have);
    for (const [id, have] of [0n, 1_000n, 2_000n].entries()) {
      note(BigInt(id), have, 60_000);
      session.issuedAt = have + 1_000n;
    }
    for (let turn = 0; turn < 5; turn++) {
      for (const [id, have] of [0n, 1_000n, 2_000n].entries())
        expect(note(BigInt(id), have, 61_000)).toBe(false);
      // It was answered.
      session.issuedAt = 4_000n + BigInt(turn);
    }
    expect(session.lostConfigs).toBe(0);
    // What it was sent itself is older than those answers.
    expect(note(3n, 3_000n, 120_000)).toBe(true);
    expect(session.lostConfigs).toBe(0);
    // It begins anew, and what it is sent does not arrive.
    note(4n, 0n, 239_999);
    expect(session.lostConfigs).toBe(0);
    note(5n, 0n, 240_000);
    note(6n, 0n, 241_100);
    expect(session.lostConfigs).toBe(2);
  });
});
