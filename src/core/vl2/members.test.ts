import { describe, expect, it } from 'vitest';

import { formatMac, type Address, type NetworkId } from '../../base/ids.ts';
import { macMask } from '../../wire/mac.ts';
import { memberIdleMs, Members, membersMax } from './members.ts';

const mask = macMask(0x283c5bc4bcc3c8a8n as NetworkId);

describe('the members of a network', () => {
  it('have the Ethernet address that follows from theirs', () => {
    const members = new Members(mask);
    expect(formatMac(members.of(0xbfb8eb1884 as Address).mac)).toBe('aa:77:7b:57:dc:df');
    expect(members.of(0xbfb8eb1884 as Address)).toBe(members.get(0xbfb8eb1884 as Address));
  });

  it('make room for newer ones when there are too many', () => {
    const members = new Members(mask);
    for (let i = 0; i <= membersMax; i++) members.of((1 + i) as Address);
    expect(members.size).toBe(membersMax);
    expect(members.get(1 as Address)).toBeUndefined();
    expect(members.get((1 + membersMax) as Address)).toBeDefined();
  });

  it('are forgotten when nothing comes and nothing goes', () => {
    const members = new Members(mask);
    members.of(1 as Address).heardAtMs = 0;
    members.of(2 as Address).usedAtMs = 1_000;
    members.sweep(memberIdleMs);
    expect([...members].map(({ address }) => address)).toEqual([2]);
    members.sweep(memberIdleMs + 1_000);
    expect(members.size).toBe(0);
  });
});
