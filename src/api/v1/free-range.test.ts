import { describe, expect, it } from 'vitest';

import { Prng } from '../../base/prng.ts';
import { errorCode } from '../../base/errors.ts';
import { parseIpv4 } from '../../wire/ip-address.ts';
import { chooseFreeRange, usedByNetworks, usedByPrefixes, type UsedRange } from './free-range.ts';

const filled = (random: Prng) => (bytes: Uint8Array) => {
  new DataView(bytes.buffer).setUint32(0, random.uint32());
};
const highest = (bytes: Uint8Array): void => void bytes.fill(0xff);
const lowest = (bytes: Uint8Array): void => void bytes.fill(0);

function clashes(target: string, used: readonly UsedRange[]): boolean {
  const first = parseIpv4(target.replace('/24', ''))!;
  return used.some((each) => each.first <= first + 255 && each.last >= first);
}

describe('a range for a new network', () => {
  it('never clashes with what is used, whatever that is', () => {
    const random = new Prng('free ranges');
    const blocks = ['10.0.0.0', '172.16.0.0', '192.168.0.0'].map((text) => parseIpv4(text)!);
    for (let turn = 0; turn < 40; turn++) {
      const used = Array.from({ length: random.below(60) }, () => {
        const first = blocks[random.below(3)]! + random.below(1 << 24);
        return { first, last: first + random.below(1 << random.below(22)) };
      });
      const { target, pool } = chooseFreeRange(used, filled(random));
      expect(clashes(target, used), target).toBe(false);
      const prefix = target.replace(/\.0\/24$/, '');
      expect(target).toMatch(/^(10\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+|192\.168\.\d+)\.0\/24$/);
      expect(pool).toEqual({ first: `${prefix}.1`, last: `${prefix}.254` });
    }
  });

  it('is by chance any of the private ones, from the first to the last', () => {
    expect(chooseFreeRange([], lowest).target).toBe('10.0.0.0/24');
    expect(chooseFreeRange([], highest).target).toBe('192.168.255.0/24');
    const used = usedByPrefixes(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/17']);
    expect(chooseFreeRange(used, lowest).target).toBe('192.168.128.0/24');
    const [first] = usedByPrefixes(['10.0.0.77']);
    expect(chooseFreeRange([first!], lowest).target).toBe('10.0.1.0/24');
  });

  it('keeps away from routes, pools and addresses of networks', () => {
    const used = usedByNetworks([
      {
        routes: [{ target: '10.0.0.0/24' }, { target: 'fd00::/8' }],
        pools: [{ first: '10.0.1.200', last: '10.0.2.3' }],
      },
      { routes: [{ target: '0.0.0.0/0' }], assignedAddresses: ['10.0.3.9/24', 'fd00::1/64'] },
    ]);
    expect(chooseFreeRange(used, lowest).target).toBe('10.0.4.0/24');
  });

  it('is not hindered by routes to everywhere, nor by what is no address', () => {
    const used = usedByPrefixes(['default', '0.0.0.0/1', '128.0.0.0/1', '', '10.0.0.0/x', '::1']);
    expect(used).toEqual([]);
  });

  it('is none where everything is used, and that is said', () => {
    const used = usedByPrefixes(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
    let thrown: unknown;
    try {
      chooseFreeRange(used, lowest);
    } catch (error) {
      thrown = error;
    }
    expect(errorCode(thrown)).toBe('RANGE_NONE_FREE');
  });
});
