/** Ranges of addresses for new networks: none that is used. */
import { describe, expect, it } from 'vitest';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { chosenRange, clashesWith, freeRange, rangeSettings } from './free-range.ts';

const network = (target: string, via: string | null = null): NetworkV1 =>
  ({
    id: '00000000000000aa',
    name: 'lab',
    routes: [{ target, via }],
    pools: [],
  }) as unknown as NetworkV1;

describe('the range that is chosen', () => {
  it('is one of 256 addresses in 10.0.0.0/8', () => {
    expect(chosenRange([], () => 0)).toBe('10.0.0.0/24');
    expect(chosenRange([], () => 0.999_999)).toBe('10.255.255.0/24');
  });

  it('clashes with no route and no pool of a network', () => {
    expect(chosenRange([network('10.0.0.0/16')], () => 0)).toBe('10.1.0.0/24');
    expect(chosenRange([network('10.0.0.64/26')], () => 0)).toBe('10.0.1.0/24');
    expect(
      chosenRange([{ routes: [], pools: [{ first: '10.0.0.9', last: '10.0.1.1' }] }], () => 0),
    ).toBe('10.0.2.0/24');
  });

  it('takes a default route for what it is, and IPv6 for nothing', () => {
    expect(chosenRange([network('0.0.0.0/0'), network('fd00::/8')], () => 0)).toBe('10.0.0.0/24');
  });

  it('begins anew at the other end, and is none where all are used', () => {
    expect(chosenRange([network('10.255.0.0/16')], () => 0.999_999)).toBe('10.0.0.0/24');
    expect(chosenRange([network('10.0.0.0/8')], () => 0)).toBeNull();
  });

  it('is that of the node where it knows one', async () => {
    const target = '192.168.7.0/24';
    const pool = { first: '192.168.7.1', last: '192.168.7.254' };
    const node = { freeRange: () => Promise.resolve({ target, pool }) };
    expect(await freeRange(node, [])).toBe(target);
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    expect(await freeRange({ freeRange: away }, [])).toMatch(/^10\.\d+\.\d+\.0\/24$/);
  });
});

describe('a range that is typed', () => {
  it('is held against the networks that there are', () => {
    expect(clashesWith('10.1.0.0/16', [network('10.1.2.0/24')])).toEqual(['lab']);
    expect(clashesWith('10.2.0.0/16', [network('10.1.2.0/24')])).toEqual([]);
    expect(clashesWith('nothing', [network('10.1.2.0/24')])).toEqual([]);
  });
});

describe('the settings of a range', () => {
  it('are those of a network without addresses where it is empty, and none before it is chosen', () => {
    expect(rangeSettings(' ')).toEqual({ assignsIpv4: false });
    expect(rangeSettings('10.147.17.0/24')).toMatchObject({
      assignsIpv4: true,
      routes: [{ target: '10.147.17.0/24' }],
    });
    expect(rangeSettings('10.147')).toBeNull();
    expect(rangeSettings(null)).toBeNull();
  });
});
