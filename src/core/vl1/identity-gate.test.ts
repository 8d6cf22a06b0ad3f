import { describe, expect, it } from 'vitest';

import { ip } from '../../../test/core/small-world.ts';
import { IdentityGate } from './identity-gate.ts';

const passed = (gate: IdentityGate, nowMs: number, from: string, count: number): number =>
  Array.from({ length: count }).filter(() => gate.pass(nowMs, ip(from))).length;

describe('the gate for unknown identities', () => {
  it('lets 16 of one network through at once, then one in 500 ms', () => {
    const gate = new IdentityGate();
    expect(passed(gate, 1_000, '192.0.2.1/1', 20)).toBe(16);
    expect(passed(gate, 1_400, '192.0.2.200/7', 5)).toBe(0);
    expect(passed(gate, 1_500, '192.0.2.9/7', 5)).toBe(1);
    expect(passed(gate, 3_500, '192.0.2.9/7', 9)).toBe(4);
    expect(passed(gate, 1_000_000, '192.0.2.9/7', 100)).toBe(16);
  });

  it('knows networks apart', () => {
    const gate = new IdentityGate();
    passed(gate, 1_000, '192.0.2.1/1', 20);
    expect(passed(gate, 1_000, '192.0.3.1/1', 20)).toBe(16);
    expect(passed(gate, 1_000, '2001:db8::1/1', 20)).toBe(16);
    expect(passed(gate, 1_000, '2001:db8::2/1', 20)).toBe(0);
  });

  it('lets no more than 400 a second through from everywhere', () => {
    const gate = new IdentityGate();
    let all = 0;
    for (let i = 0; i < 5_000; i++) all += passed(gate, 1_000, `10.${i >> 8}.${i & 255}.1/1`, 1);
    expect(all).toBe(400);
    expect(passed(gate, 1_100, '172.16.0.1/1', 1)).toBe(1);
  });
});
