import { describe, expect, it } from 'vitest';

import { ip } from '../../test/core/small-world.ts';
import type { Address } from '../base/ids.ts';
import { PathPolicy, type PhysicalRule } from './path-policy.ts';

const one = 0x1a_2b3c_4d5e as Address;
const other = 0x2a_2b3c_4d5e as Address;

function policyOf(...physical: readonly PhysicalRule[]): PathPolicy {
  const policy = new PathPolicy();
  policy.set({ physical, nodes: new Map() });
  return policy;
}

const rule = (
  network: string,
  isBlacklisted: boolean,
  mtu: number | null = null,
): PhysicalRule => ({
  network: ip(network),
  isBlacklisted,
  mtu,
});

describe('what an operator says of paths', () => {
  it('is nothing at first', () => {
    const policy = new PathPolicy();
    expect(policy.allows(one, ip('10.0.0.1/9993'))).toBe(true);
    expect(policy.mtuOf(ip('10.0.0.1/9993'))).toBe(1432);
    expect(policy.triesOf(one)).toEqual([]);
  });

  it('keeps all nodes from an address, of either family', () => {
    const policy = policyOf(rule('10.0.0.0/8', true), rule('2001:db8::/32', true));
    for (const node of [one, other]) {
      expect(policy.allows(node, ip('10.255.0.1/1'))).toBe(false);
      expect(policy.allows(node, ip('11.0.0.1/1'))).toBe(true);
      expect(policy.allows(node, ip('2001:db8:1::1/1'))).toBe(false);
      expect(policy.allows(node, ip('2001:db9::1/1'))).toBe(true);
    }
  });

  it('of a smaller network counts before that of a larger one, in whatever order they come', () => {
    const rules = [rule('10.0.0.0/8', true, 1_400), rule('10.1.0.0/16', false, 9_000)];
    for (const policy of [policyOf(...rules), policyOf(...rules.reverse())]) {
      expect(policy.allows(one, ip('10.2.0.1/1'))).toBe(false);
      expect(policy.allows(one, ip('10.1.0.1/1'))).toBe(true);
      expect(policy.mtuOf(ip('10.2.0.1/1'))).toBe(1_400);
      expect(policy.mtuOf(ip('10.1.0.1/1'))).toBe(9_000);
    }
    expect(policyOf(rule('0.0.0.0/0', true)).allows(one, ip('8.8.8.8/1'))).toBe(false);
  });

  it('of one node does not concern another', () => {
    const policy = new PathPolicy();
    const tries = [ip('192.0.2.1/9993')];
    policy.set({
      physical: [],
      nodes: new Map([[one, { tries, blacklist: [ip('10.0.0.0/8'), ip('fd00::/8')] }]]),
    });
    expect(policy.allows(one, ip('10.0.0.1/1'))).toBe(false);
    expect(policy.allows(one, ip('fd00::1/1'))).toBe(false);
    expect(policy.allows(one, ip('192.168.0.1/1'))).toBe(true);
    expect(policy.allows(other, ip('10.0.0.1/1'))).toBe(true);
    expect(policy.triesOf(one)).toEqual(tries);
    expect(policy.triesOf(other)).toEqual([]);
  });
});
