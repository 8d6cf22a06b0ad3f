import { describe, expect, it } from 'vitest';

import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { groupMemberMs, GroupMembers, groupsPerSenderMax } from './group-members.ts';

const network = 1n as NetworkId;
const other = 2n as NetworkId;
const group: MulticastGroup = { mac: 0x0100_5e00_0001 as Mac, adi: 0 };
const numbered = (adi: number): MulticastGroup => ({ ...group, adi });
const node = (number: number): Address => (0x10_0000_0000 + number) as Address;

describe('the members of groups', () => {
  it('are told apart by network, Ethernet address and number', () => {
    const members = new GroupMembers();
    expect(members.add(0, network, group, node(1))).toBe(true);
    expect(members.of(1, network, group)).toEqual([node(1)]);
    expect(members.of(1, other, group)).toEqual([]);
    expect(members.of(1, network, numbered(1))).toEqual([]);
    expect(members.of(1, network, { mac: 0x3333_0000_0001 as Mac, adi: 0 })).toEqual([]);
  });

  it('are forgotten 600 s after they last said so', () => {
    const members = new GroupMembers();
    members.add(0, network, group, node(1));
    members.add(1_000, network, group, node(2));
    expect(members.add(2_000, network, group, node(1))).toBe(false);
    expect(members.of(1_000 + groupMemberMs, network, group)).toEqual([node(1)]);
    expect(members.of(2_000 + groupMemberMs, network, group)).toEqual([]);
    expect(members.add(2_000 + groupMemberMs, network, group, node(1))).toBe(true);
    members.sweep(2_000 + groupMemberMs);
    expect(members.size).toBe(1);
  });

  it('fill the table only so far, and only so far each', () => {
    const members = new GroupMembers(groupsPerSenderMax + 10);
    for (let i = 0; i < groupsPerSenderMax + 5; i++) members.add(0, network, numbered(i), node(1));
    expect([members.size, members.refused]).toEqual([groupsPerSenderMax, 5]);
    for (let i = 0; i < 20; i++) members.add(0, network, group, node(2 + i));
    expect([members.size, members.refused]).toEqual([groupsPerSenderMax + 10, 15]);
    expect(members.of(1, network, numbered(groupsPerSenderMax))).toEqual([]);
    members.sweep(groupMemberMs);
    expect(members.size).toBe(0);
    expect(members.add(groupMemberMs, network, group, node(1))).toBe(true);
  });

  it('are forgotten with their network, and give their room back', () => {
    const members = new GroupMembers();
    for (let i = 0; i < groupsPerSenderMax; i++) members.add(0, network, numbered(i), node(1));
    members.add(0, other, group, node(2));
    members.forget(network);
    expect(members.size).toBe(1);
    expect(members.add(0, other, group, node(1))).toBe(true);
    members.remove(other, group, node(1));
    members.remove(other, group, node(3));
    expect(members.of(0, other, group)).toEqual([node(2)]);
  });
});
