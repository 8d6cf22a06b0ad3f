import { describe, expect, it } from 'vitest';

import type { Address, Mac } from '../../base/ids.ts';
import { BridgeTable, bridgeRoutesMax } from './bridge-table.ts';

const first = 0x0a as Address;
const second = 0x0b as Address;
const host = (number: number): Mac => (0x0200_0000_0000 + number) as Mac;

describe('the bridge table', () => {
  it('sends frames for a host to the bridge that last spoke for it', () => {
    const table = new BridgeTable();
    table.learn(host(1), first);
    expect(table.bridgeOf(host(1))).toBe(first);
    expect(table.bridgeOf(host(2))).toBeNull();
    table.learn(host(1), second);
    expect(table.bridgeOf(host(1))).toBe(second);
    expect(table.size).toBe(1);
  });

  it('forgets the bridge with the most hosts when it is full', () => {
    const table = new BridgeTable();
    table.learn(host(0), first);
    for (let i = 1; i < bridgeRoutesMax; i++) table.learn(host(i), second);
    expect(table.size).toBe(bridgeRoutesMax);
    table.learn(host(bridgeRoutesMax), first);
    expect(table.size).toBe(2);
    expect(table.bridgeOf(host(0))).toBe(first);
    expect(table.bridgeOf(host(1))).toBeNull();
    expect(table.bridgeOf(host(bridgeRoutesMax))).toBe(first);
  });

  it('counts hosts that move, so that the fullest bridge is the one that is full', () => {
    const table = new BridgeTable();
    for (let i = 0; i < bridgeRoutesMax; i++) table.learn(host(i), first);
    for (let i = 0; i < bridgeRoutesMax - 1; i++) table.learn(host(i), second);
    table.learn(host(bridgeRoutesMax), first);
    expect(table.bridgeOf(host(0))).toBeNull();
    expect(table.bridgeOf(host(bridgeRoutesMax - 1))).toBe(first);
  });
});
