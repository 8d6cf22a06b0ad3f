import { describe, expect, it } from 'vitest';

import { plainSettings } from '../../../synthetic/network-settings.ts';
import { effectsOf, type AffectedMember } from './effects.ts';
import type { NetworkSettings } from './network-settings.ts';

const before: NetworkSettings = {
  ...plainSettings,
  routes: [{ target: '10.147.17.0/24', via: null }],
  pools: [{ first: '10.147.17.1', last: '10.147.17.254' }],
  assignsIpv4: true,
};

function member(
  state: AffectedMember['state'],
  ipAssignments: string[] = [],
  noAutoAssignIps = false,
): AffectedMember {
  const isAuthorized = state !== 'waiting' && state !== 'denied';
  return { state, isAuthorized, isBanned: false, ipAssignments, noAutoAssignIps };
}

const members = [
  member('ok', ['10.147.17.20']),
  member('relayed', ['10.147.17.200']),
  member('silent', ['10.147.17.201']),
  member('waiting'),
  member('waiting'),
  member('waiting'),
  member('denied'),
];

function texts(change: Partial<NetworkSettings>, of = members): string[] {
  const effects = effectsOf({ before, after: { ...before, ...change }, members: of });
  return effects.map(({ tone, text }) => (tone === 'warning' ? `! ${text}` : text));
}

const reach = [
  '2 members that are online get it at once.',
  '1 member is not online and gets it when it asks next.',
];

describe('what a change of settings does', () => {
  it('is nothing where nothing changes, or only what members do not see', () => {
    expect(texts({})).toEqual([]);
    expect(texts({ description: 'for the lab' })).toEqual([]);
  });

  it('opens a private network to who waits, and to who was shut out', () => {
    expect(texts({ isPrivate: false })).toEqual([
      '! Anybody who knows the network ID comes in from then on.',
      '3 members wait and would be let in when they ask next.',
      '! 1 member was shut out and would come in again when it asks.',
      ...reach,
    ]);
  });

  it('does not open a network to who is banned', () => {
    const of = [{ ...member('denied'), isBanned: true }];
    expect(texts({ isPrivate: false }, of)).toEqual([
      '! Anybody who knows the network ID comes in from then on.',
    ]);
  });

  it('leaves in who is in when a network is closed', () => {
    const effects = effectsOf({
      before: { ...before, isPrivate: false },
      after: before,
      members: [member('ok')],
    });
    expect(effects[0]?.text).toBe('1 member is authorised and stays so; whoever comes new waits.');
  });

  it('tells the new name and the new MTU to those that are in', () => {
    expect(texts({ name: 'office', mtu: 1_400 })).toEqual([
      '3 members see the new name.',
      '3 members have to work with an MTU of 1400 in place of 2800; connections that are open may stall for a moment.',
      ...reach,
    ]);
  });

  it('leaves members the addresses that are outside of new pools', () => {
    expect(texts({ pools: [{ first: '10.147.17.1', last: '10.147.17.99' }] })).toEqual([
      '2 members keep addresses outside the pools.',
      ...reach,
    ]);
  });

  it('takes addresses away with the route to them, and gives new ones', () => {
    const moved = {
      routes: [{ target: '10.9.0.0/24', via: null }],
      pools: [{ first: '10.9.0.1', last: '10.9.0.2' }],
    };
    expect(texts(moved)).toEqual([
      '3 members get a route to 10.9.0.0/24.',
      '3 members lose the route to 10.147.17.0/24.',
      '! 3 members have an address that cannot be used any more: no route leads to it.',
      '3 members keep addresses outside the pools.',
      '3 members have no IPv4 address and would be given one when they ask next.',
      '! The pools have room for 2 IPv4 addresses, and 3 members want one.',
      ...reach,
    ]);
  });

  it('does not tell of who waits for an address with or without it', () => {
    const pools = [{ first: '10.147.17.1', last: '10.147.17.99' }];
    expect(texts({ pools }, [member('ok')])).toEqual(['1 member is online and gets it at once.']);
  });

  it('counts what is in several pools once, and what is taken not at all', () => {
    const of = [member('ok', ['10.147.17.1']), member('ok'), member('ok'), member('ok')];
    const pools = [
      { first: '10.147.17.1', last: '10.147.17.3' },
      { first: '10.147.17.2', last: '10.147.17.3' },
    ];
    expect(texts({ pools }, of)).toContain(
      '! The pools have room for 2 IPv4 addresses, and 3 members want one.',
    );
    expect(texts({ pools }, of)).toContain(
      '! The pools 10.147.17.1 to 10.147.17.3 and 10.147.17.2 to 10.147.17.3 have addresses in common.',
    );
  });

  it('gives nothing to members that are to be given nothing', () => {
    const of = [member('ok', [], true)];
    expect(texts({ pools: [{ first: '10.147.17.9', last: '10.147.17.9' }] }, of)).toEqual([
      '1 member is online and gets it at once.',
    ]);
  });

  it('names pools that no route leads to, and families without a pool', () => {
    const pools = [...before.pools, { first: '172.16.0.1', last: '172.16.0.9' }];
    expect(texts({ pools, assignsIpv6: true })).toEqual([
      '! Nothing is given out of the pool 172.16.0.1 to 172.16.0.9: no route leads to it.',
      '! There is no pool with IPv6 addresses, so that nobody is given one.',
      ...reach,
    ]);
  });

  it('names routes that overlap, that are there twice, and that go over nobody', () => {
    const link = before.routes[0]!;
    const routes = [
      link,
      { target: '10.0.0.0/8', via: '10.147.17.20' },
      { target: '192.168.0.0/16', via: '10.147.17.99' },
      { target: '192.168.0.0/16', via: '172.16.0.1' },
      { target: '0.0.0.0/0', via: '10.147.17.20' },
    ];
    expect(texts({ routes }).filter((text) => !text.includes('get'))).toEqual([
      '! The route to 0.0.0.0/0 takes all traffic of members that allow it, and of no others.',
      'The routes to 10.0.0.0/8 and 10.147.17.0/24 overlap: what is in both goes by the narrower one, 10.147.17.0/24.',
      '! The route to 192.168.0.0/16 is there twice.',
      '! No member has the address 10.147.17.99, over which the route to 192.168.0.0/16 goes.',
      '! The gateway 172.16.0.1 of 192.168.0.0/16 lies in no route without a gateway: members cannot reach it.',
    ]);
  });

  it('gives and takes the addresses that follow from members', () => {
    expect(texts({ assignsRfc4193: true }).slice(0, 1)).toEqual([
      '3 members get an IPv6 address of RFC 4193.',
    ]);
    const gone = effectsOf({
      before: { ...before, assigns6plane: true },
      after: before,
      members: [member('ok'), member('ok', [], true)],
    });
    expect(gone[0]).toEqual({ tone: 'warning', text: '1 member loses an IPv6 network of 6PLANE.' });
  });

  it('says what DNS, multicast and broadcast come to', () => {
    expect(texts({ dns: { domain: 'lan.example', servers: ['10.147.17.5'] } })[0]).toBe(
      '3 members are told to look up lan.example at 10.147.17.5; it counts where DNS is allowed.',
    );
    expect(texts({ multicastLimit: 0 })[0]).toMatch(/^! No multicast goes out/);
    expect(texts({ multicastLimit: 1 })[0]).toBe('3 members send a multicast to at most 1 member.');
    expect(texts({ hasBroadcast: false })[0]).toBe('Broadcasts go nowhere any more, but for ARP.');
  });

  it('keeps what was given when no more is', () => {
    expect(texts({ assignsIpv4: false })[0]).toBe(
      'Nobody else is given an IPv4 address; 3 members keep what they have.',
    );
  });

  it('is not said to come at once or later where nobody knows', () => {
    expect(texts({ mtu: 1_400 }, [member('unknown')])).toHaveLength(1);
  });

  it('is told of a thousand members as of one', () => {
    const many = Array.from({ length: 1_000 }, () => member('ok'));
    expect(texts({ mtu: 1_400 }, many).at(-1)).toBe('1000 members that are online get it at once.');
  });
});
