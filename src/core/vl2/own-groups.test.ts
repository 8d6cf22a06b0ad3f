import { describe, expect, it } from 'vitest';

import type { Mac } from '../../base/ids.ts';
import { parseInetAddress, type InetAddress } from '../../wire/inet-address.ts';
import { arpGroup, broadcastGroup, type MulticastGroup } from '../../wire/multicast-group.ts';
import { bridgedGroupMs, bridgedGroupsMax, hostGroupsMax, OwnGroups } from './own-groups.ts';

const ip = (text: string): InetAddress => parseInetAddress(text)!;
const numbered = (number: number): MulticastGroup => ({
  mac: (0x3333_0000_0000 + number) as Mac,
  adi: 0,
});

describe('our groups', () => {
  it('are those of our addresses: ARP for IPv4, the last three bytes for IPv6', () => {
    const groups = new OwnGroups();
    const fresh = groups.setAddresses([ip('10.144.0.35/24'), ip('fd00::12:3456/88')]);
    expect(fresh).toEqual([arpGroup(0x0a900023), { mac: 0x3333_ff12_3456, adi: 0 }]);
    expect(groups.setAddresses([ip('10.144.0.35/24'), ip('10.144.0.36/24')])).toEqual([
      arpGroup(0x0a900024),
    ]);
    expect(groups.has(0, arpGroup(0x0a900023))).toBe(true);
    expect(groups.has(0, { mac: 0x3333_ff12_3456 as Mac, adi: 0 })).toBe(false);
  });

  it('are told apart by who wants them, and are listed once', () => {
    const groups = new OwnGroups();
    expect(groups.setBroadcast(true)).toEqual([broadcastGroup]);
    expect(groups.setBroadcast(true)).toEqual([]);
    expect(groups.setHost([numbered(1), broadcastGroup])).toEqual([numbered(1)]);
    expect(groups.setHost([numbered(1), numbered(2)])).toEqual([numbered(2)]);
    expect(groups.all(0)).toHaveLength(3);
    groups.setBroadcast(false);
    expect(groups.has(0, broadcastGroup)).toBe(false);
  });

  it('are new once, whoever wants them first', () => {
    const groups = new OwnGroups();
    const ofAddress = { mac: 0x3333_ff12_3456 as Mac, adi: 0 };
    expect(groups.setAddresses([ip('fd00::12:3456/88')])).toEqual([ofAddress]);
    expect(groups.setHost([numbered(1), ofAddress])).toEqual([numbered(1)]);
    groups.setAddresses([]);
    expect(groups.setAddresses([ip('fd00::12:3456/88')])).toEqual([]);
    groups.setHost([broadcastGroup]);
    expect(groups.setBroadcast(true)).toEqual([]);
    expect(groups.setAddresses([ip('fd00::1/88'), ip('fd00::12:3456/88')])).toHaveLength(1);
  });

  it('of hosts behind us end 20 minutes after they were last heard of', () => {
    const groups = new OwnGroups();
    groups.setHost([numbered(1)]);
    expect(groups.learnBridged(0, numbered(1))).toEqual([]);
    expect(groups.learnBridged(0, numbered(2))).toEqual([numbered(2)]);
    expect(groups.learnBridged(1_000, numbered(2))).toEqual([]);
    expect(groups.has(bridgedGroupMs, numbered(2))).toBe(true);
    expect(groups.all(bridgedGroupMs + 1_000)).toEqual([numbered(1)]);
    expect(groups.learnBridged(bridgedGroupMs + 1_000, numbered(2))).toEqual([numbered(2)]);
  });

  it('are not more than a host may have', () => {
    const groups = new OwnGroups();
    groups.setHost(Array.from({ length: hostGroupsMax + 1 }, (_, i) => numbered(i)));
    expect(groups.all(0)).toHaveLength(hostGroupsMax);
    expect(groups.has(0, numbered(hostGroupsMax))).toBe(false);
  });

  it('of hosts behind us make room for newer ones', () => {
    const groups = new OwnGroups();
    for (let i = 0; i < bridgedGroupsMax; i++) groups.learnBridged(0, numbered(i));
    groups.learnBridged(1, numbered(0));
    groups.learnBridged(2, numbered(bridgedGroupsMax));
    expect(groups.all(3)).toHaveLength(bridgedGroupsMax);
    expect(groups.has(3, numbered(0))).toBe(true);
    expect(groups.has(3, numbered(1))).toBe(false);
  });
});
