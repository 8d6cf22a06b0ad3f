import { describe, expect, it } from 'vitest';

import { ipNumber, ipRange, isInRange, prefixRange, rangesOverlap } from './ip-range.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.1', { family: 'ipv4', value: 1n }],
    ['255.255.255.255', { family: 'ipv4', value: 0xffff_ffffn }],
    ['::1', { family: 'ipv6', value: 1n }],
    ['fd00::', { family: 'ipv6', value: 0xfdn << 120n }],
    ['10.1.2', null],
    ['<b>', null],
    ['', null],
  ])('%j is a number of its family, or none', (text, expected) => {
    expect(ipNumber(text)).toEqual(expected);
  });
});

describe('a network', () => {
  it.each([
    ['10.1.2.3/16', '10.1.0.0', '10.1.255.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['10.1.2.3/32', '10.1.2.3', '10.1.2.3'],
    ['fd00::1/120', 'fd00::', 'fd00::ff'],
  ])('%s is from %s to %s', (text, first, last) => {
    expect(prefixRange(text)).toEqual(ipRange(first, last));
  });

  it.each(['10.1.0.0', '10.1.0.0/33', 'fd00::/129', '10.1.0.0/-1', '/8', '10.1.0.0/8/8'])(
    '%s is none',
    (text) => {
      expect(prefixRange(text)).toBeNull();
    },
  );
});

describe('a range', () => {
  it('is none backwards, and none between families', () => {
    expect(ipRange('10.0.0.2', '10.0.0.1')).toBeNull();
    expect(ipRange('10.0.0.2', '::1')).toBeNull();
    expect(ipRange('10.0.0.2', 'x')).toBeNull();
    expect(ipRange('x', 'x')).toBeNull();
  });

  it('holds both of its ends, and nothing of the other family', () => {
    const range = ipRange('0.0.0.5', '0.0.0.9')!;
    const inside = ['0.0.0.4', '0.0.0.5', '0.0.0.9', '0.0.0.10', '::7'].map((text) =>
      isInRange(ipNumber(text)!, range),
    );
    expect(inside).toEqual([false, true, true, false, false]);
  });

  it('overlaps what begins where it ends, and nothing behind', () => {
    const range = prefixRange('10.1.0.0/16')!;
    expect(rangesOverlap(range, ipRange('10.1.255.255', '10.2.0.0')!)).toBe(true);
    expect(rangesOverlap(range, prefixRange('10.0.0.0/8')!)).toBe(true);
    expect(rangesOverlap(range, prefixRange('10.2.0.0/16')!)).toBe(false);
    expect(rangesOverlap(prefixRange('::/0')!, prefixRange('0.0.0.0/0')!)).toBe(false);
  });
});
