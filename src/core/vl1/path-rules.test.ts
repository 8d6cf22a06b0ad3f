import { describe, expect, it } from 'vitest';

import { Correspondent } from '../../../test/core/correspondent.ts';
import { ip, planetOf, SmallWorld, trio, type Host } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import type { Address } from '../../base/ids.ts';
import { messageOf } from '../../wire/verbs/index.ts';
import { hintMs } from '../constants.ts';
import { noPathRules, type NodeRule, type PathRules } from '../path-policy.ts';

const addressOf = (host: Host): Address => host.identity.identity.address;

const blacklisted = (network: string): PathRules => ({
  ...noPathRules,
  physical: [{ network: ip(network), isBlacklisted: true, mtu: null }],
});

const forNode = (host: Host, rule: Partial<NodeRule>): PathRules => ({
  ...noPathRules,
  nodes: new Map([[addressOf(host), { tries: [], blacklist: [], ...rule }]]),
});

function setRules(world: SmallWorld, host: Host, rules: PathRules): void {
  host.node.setPathRules(world.now, rules);
  world.drain(host);
}

function heard(host: Host): number {
  return host.events.filter(({ kind }) => kind === 'user-message').length;
}

/** Both say something every 200 ms. */
function talk(world: SmallWorld, a: Host, b: Host, ms: number, bytes = 5): void {
  for (let i = 0; i < ms / 200; i++) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.node.sendUserMessage(world.now, addressOf(to), 70_000n, new Uint8Array(bytes));
      world.drain(from);
    }
    world.run(200);
  }
}

const isDirect = (world: SmallWorld, from: Host, to: Host): boolean => {
  const address = addressOf(to).toString(16).padStart(10, '0');
  return from.node.peers(world.now).find((peer) => peer.address === address)?.isDirect === true;
};

/** Sent by A to B without a relay. */
const direct = (world: SmallWorld, start: number): string[] =>
  world.words(start).filter((word) => word.startsWith('A>B'));

describe.each([
  ['the network of an address', (): PathRules => blacklisted('203.0.113.0/24')],
  ['it for one node', (b: Host): PathRules => forNode(b, { blacklist: [ip('203.0.113.0/24')] })],
])('an operator who blacklists %s', (_, rulesFor) => {
  it('has nothing sent there any more, not even answers, and loses no packet', () => {
    const { world, a, b } = trio();
    world.run(500);
    talk(world, a, b, 2_000);
    expect([isDirect(world, a, b), isDirect(world, b, a)]).toEqual([true, true]);
    setRules(world, a, rulesFor(b));
    const start = world.log.length;
    // What is on its way to B still arrives.
    world.run(50);
    const before = [heard(a), heard(b)];
    talk(world, a, b, 60_000);
    world.run(100);
    expect(direct(world, start)).toEqual([]);
    expect(heard(b) - before[1]!).toBe(300);
    // B has to find out first that it is not heard.
    expect(heard(a) - before[0]!).toBe(300);
    expect([isDirect(world, a, b), isDirect(world, b, a)]).toEqual([false, false]);
    expect(world.words(start)).toContain('R>A RENDEZVOUS/3');
  });

  it('who allows it again has the path back', () => {
    const { world, a, b } = trio();
    setRules(world, a, rulesFor(b));
    world.run(500);
    talk(world, a, b, 5_000);
    expect(direct(world, 0)).toEqual([]);
    setRules(world, a, noPathRules);
    talk(world, a, b, 40_000);
    expect([isDirect(world, a, b), isDirect(world, b, a)]).toEqual([true, true]);
  });
});

describe('an address that is blacklisted', () => {
  it('of a root is not used, another one of it is', () => {
    const world = new SmallWorld();
    const endpoints = ['198.51.100.1/9993', '192.0.2.1/9993'];
    const planet = planetOf([{ identity: testIdentity(0), endpoints }]);
    const pathRules = blacklisted('198.51.100.1/32');
    const a = world.add('A', testIdentity(1), planet, { pathRules });
    const r = world.add('R', testIdentity(0), planet);
    world.bind(r, '192.0.2.1/9993');
    world.bind(a, '198.51.100.2/9993');
    world.run(30_000);
    expect(a.node.status(world.now).isOnline).toBe(true);
    expect(world.sentTo('198.51.100.1/9993')).toEqual([]);
  });

  it('is not the answer of a root without any other: nothing is sent', () => {
    const world = new SmallWorld();
    const planet = planetOf([{ identity: testIdentity(0), endpoints: ['198.51.100.1/9993'] }]);
    const a = world.add('A', testIdentity(1), planet, { pathRules: blacklisted('0.0.0.0/0') });
    world.bind(a, '198.51.100.2/9993');
    world.run(60_000);
    expect(world.log).toEqual([]);
  });

  it('is no way to answer a stranger, nor to tell one that its address is taken', () => {
    const world = new SmallWorld();
    const planet = planetOf([{ identity: testIdentity(0), endpoints: ['198.51.100.1/9993'] }]);
    const pathRules = blacklisted('203.0.113.0/24');
    const a = world.add('A', testIdentity(1), planet, { pathRules });
    world.bind(a, '198.51.100.2/9993');
    const root = new Correspondent(world, a, testIdentity(0), '198.51.100.1/9993');
    root.ok(root.received()[0]!);
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.3/9993');
    b.say(b.hello(), 0);
    world.run(50);
    b.say(messageOf('ECHO', { data: new Uint8Array(3) }), 3);
    const taken = { ...testIdentity(3).identity, address: b.address };
    const x = new Correspondent(
      world,
      a,
      { ...testIdentity(3), identity: taken },
      '203.0.113.4/9993',
    );
    x.say(x.hello(), 0);
    world.run(1_000);
    expect(a.node.status(world.now).drops).toMatchObject({ 'address-taken': 1 });
    for (const at of [b.at, x.at]) expect(world.sentTo(at)).toEqual([]);
    // The answers to B went over the root.
    const relayed = world.log.filter(({ destination }) => destination === b.address);
    expect(relayed.map(({ to }) => to)).toEqual(['198.51.100.1/9993', '198.51.100.1/9993']);
  });
});

describe('an MTU for a network', () => {
  it('is the length of datagrams into it, and of no others', () => {
    const { world, a, b } = trio();
    world.run(500);
    talk(world, a, b, 1_000);
    setRules(world, a, {
      ...noPathRules,
      physical: [{ network: ip('203.0.113.0/24'), isBlacklisted: false, mtu: 700 }],
    });
    const before = heard(b);
    const start = world.log.length;
    const bytes = Uint8Array.from({ length: 3_000 }, (_, i) => (i * i * 31 + (i >> 5)) & 0xff);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.node.sendUserMessage(world.now, addressOf(to), 70_000n, bytes);
      world.drain(from);
    }
    world.run(100);
    expect(heard(b) - before).toBe(1);
    const lengths = (from: string): number[] =>
      world.log.slice(start).flatMap((entry) => (entry.from === from ? [entry.length] : []));
    // Cut into pieces of equal length: as many as are needed, five and three.
    expect(Math.max(...lengths('A'))).toBe(620);
    expect(Math.max(...lengths('B'))).toBeGreaterThan(700);
  });
});

describe('an address at which a node may be', () => {
  const withoutIntroduction = (world: SmallWorld): void => {
    world.isLost = (_, __, { what }) => what === 'RENDEZVOUS';
  };

  it('is tried when something is sent to it over a root, and becomes the path', () => {
    const { world, a, b } = trio();
    withoutIntroduction(world);
    setRules(world, a, forNode(b, { tries: [ip('203.0.113.3/9993')] }));
    world.run(30_000);
    expect(direct(world, 0)).toEqual([]);
    talk(world, a, b, 1_000);
    expect([isDirect(world, a, b), isDirect(world, b, a)]).toEqual([true, true]);
    expect(direct(world, 0)[0]).toBe('A>B HELLO/0');
  });

  it('is tried every 30 s, one of several each time, as long as nobody answers there', () => {
    const { world, a, b } = trio();
    withoutIntroduction(world);
    const tries = ['192.0.2.7/1', '192.0.2.8/1'];
    setRules(world, a, forNode(b, { tries: tries.map(ip) }));
    world.run(500);
    const start = world.log.length;
    talk(world, a, b, 20 * hintMs);
    const tried = world.log.slice(start).filter(({ to }) => tries.includes(to));
    expect(tried.length).toBeGreaterThanOrEqual(19);
    expect(tried.length).toBeLessThanOrEqual(21);
    expect(new Set(tried.map(({ to }) => to))).toEqual(new Set(tries));
    expect(new Set(tried.map(({ what }) => what))).toEqual(new Set(['HELLO']));
  });

  it('is not tried where it is blacklisted', () => {
    const { world, a, b } = trio();
    withoutIntroduction(world);
    setRules(world, a, {
      ...blacklisted('192.0.2.0/24'),
      nodes: new Map([[addressOf(b), { tries: [ip('192.0.2.7/1')], blacklist: [] }]]),
    });
    world.run(500);
    talk(world, a, b, 2 * hintMs);
    expect(world.sentTo('192.0.2.7/1')).toEqual([]);
  });
});
