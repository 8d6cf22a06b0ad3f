import { describe, expect, it } from 'vitest';

import { planetOf, SmallWorld, trio, type Host } from '../../test/core/small-world.ts';
import { testIdentity } from '../../test/vectors/identities.ts';

const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 89 + (i >> 3)) & 0xff);

function messages(host: Host): Uint8Array[] {
  return host.events.flatMap((event) => (event.kind === 'user-message' ? [event.data] : []));
}

function isOnline(host: Host): boolean {
  return host.node.status({ monoMs: 0, wallMs: 0 }).isOnline;
}

const addressOf = (host: Host): Host['identity']['identity']['address'] =>
  host.identity.identity.address;

describe('three nodes, one of them a root', () => {
  it('are online in less than 0.3 s', () => {
    const { world, r, a, b } = trio();
    const online = (host: Host): boolean =>
      host.events.some((event) => event.kind === 'online' && event.isOnline);
    expect(online(r)).toBe(true);
    const tookMs = world.runUntil(() => online(a) && online(b), 1_000);
    expect(tookMs).toBeLessThan(300);
    world.run(1_000);
    expect(isOnline(a)).toBe(true);
    const rOfA = a.node.peers(world.now)[0]!;
    expect(rOfA).toMatchObject({ role: 'root', isDirect: true, version: { protocol: 12 } });
    // Twice the way, and the check of the identity.
    expect(rOfA.latencyMs).toBe(25);
  });

  it('greet in the order of a real introduction', () => {
    const { world } = trio();
    world.run(90);
    const ofA = world.words().filter((word) => word.includes('A'));
    expect(ofA.slice(0, 4)).toEqual(['A>R HELLO/0', 'R>A OK/1', 'R>A HELLO/0', 'A>R OK/3']);
  });

  it('talk over the root first, are introduced, and then talk directly in suite 3', () => {
    const { world, a, b } = trio();
    world.run(500);
    const start = world.log.length;
    a.node.sendUserMessage(world.now, addressOf(b), 70_000n, bytes(20));
    world.drain(a);
    world.run(300);
    expect(messages(b)).toEqual([bytes(20)]);
    const words = world.words(start);
    expect(words.slice(0, 4)).toEqual([
      'A>R WHOIS/3',
      'R>A OK/3',
      'A>R USER_MESSAGE/1',
      'R>B USER_MESSAGE/1+1',
    ]);
    expect(words).toContain('R>A RENDEZVOUS/3');
    expect(words).toContain('R>B RENDEZVOUS/3');
    expect(words).toContain('A>B junk/0');
    const bOfA = a.node.peers(world.now).find(({ role }) => role === 'leaf')!;
    expect(bOfA).toMatchObject({ isDirect: true, version: { protocol: 12 } });
    const direct = world.log.length;
    b.node.sendUserMessage(world.now, addressOf(a), 70_001n, bytes(30));
    world.drain(b);
    world.run(50);
    expect(world.words(direct)[0]).toBe('B>A USER_MESSAGE/3');
    expect(messages(a)).toEqual([bytes(30)]);
  });

  it('send 3000 bytes in a head and fragments, directly and over the root, in both suites', () => {
    const { world, a, b } = trio();
    world.run(500);
    a.node.sendUserMessage(world.now, addressOf(b), 70_000n, noise(3_000));
    world.drain(a);
    world.run(300);
    expect(messages(b)).toEqual([noise(3_000)]);
    const start = world.log.length;
    a.node.sendUserMessage(world.now, addressOf(b), 70_000n, noise(3_000, 'more'));
    world.drain(a);
    world.run(50);
    expect(world.words(start).slice(0, 3)).toEqual([
      'A>B head/3',
      'A>B fragment/0',
      'A>B fragment/0',
    ]);
    expect(messages(b)).toEqual([noise(3_000), noise(3_000, 'more')]);
  });

  it('keep the order of messages that waited for an identity and a path', () => {
    const { world, a, b } = trio();
    world.run(500);
    for (let i = 0; i < 20; i++) {
      a.node.sendUserMessage(world.now, addressOf(b), 70_000n, Uint8Array.of(i));
      world.drain(a);
      world.run(3);
    }
    world.run(500);
    expect(messages(b).map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

/** Bytes that do not compress. */
function noise(length: number, seed = 'noise'): Uint8Array {
  let state = seed.length * 7_919 + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function introduced(): ReturnType<typeof trio> {
  const parts = trio();
  const { world, a, b } = parts;
  world.run(500);
  a.node.sendUserMessage(world.now, addressOf(b), 70_000n, bytes(8));
  world.drain(a);
  world.run(500);
  b.node.sendUserMessage(world.now, addressOf(a), 70_000n, bytes(8));
  world.drain(b);
  world.run(100);
  return parts;
}

/** A says something to B and B answers, every 200 ms. */
function talk(world: SmallWorld, a: Host, b: Host, ms: number): void {
  for (let i = 0; i < ms / 200; i++) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.node.sendUserMessage(world.now, addressOf(to), 70_000n, bytes(5));
      world.drain(from);
    }
    world.run(200);
  }
}

describe('a direct path that dies', () => {
  it('is left for the root within 3 s, and used again within 3 s after it lives', () => {
    const { world, a, b } = introduced();
    talk(world, a, b, 2_000);
    world.isLost = (from, to) => from.name !== 'R' && to.name !== 'R';
    const before = messages(b).length;
    talk(world, a, b, 200);
    expect(messages(b).length).toBe(before);
    const start = world.now.monoMs;
    while (messages(b).length === before) talk(world, a, b, 200);
    expect(world.now.monoMs - start).toBeLessThan(3_000);
    expect(a.events.some((event) => event.kind === 'path' && event.state === 'lost')).toBe(true);
    world.isLost = () => false;
    talk(world, a, b, 3_000);
    const after = world.log.length;
    talk(world, a, b, 400);
    expect(world.words(after)).toContain('A>B USER_MESSAGE/3');
    expect(world.words(after).some((word) => word.startsWith('R>B USER_MESSAGE'))).toBe(false);
  });

  it('in one direction only is noticed, though the other goes on', () => {
    const { world, a, b } = introduced();
    talk(world, a, b, 1_000);
    world.isLost = (from, to) => from.name === 'A' && to.name === 'B';
    // Only A talks: what it hears of B are heartbeats at most.
    const before = messages(b).length;
    for (let i = 0; i < 20; i++) {
      a.node.sendUserMessage(world.now, addressOf(b), 70_000n, bytes(5));
      world.drain(a);
      world.run(200);
    }
    expect(messages(b).length).toBeGreaterThan(before);
  });

  it('is not asked for while something comes back', () => {
    const { world, a, b } = introduced();
    const start = world.log.length;
    talk(world, a, b, 3_000);
    expect(world.words(start).filter((word) => /[AB]>[AB] ECHO/.test(word))).toEqual([]);
  });
});

describe('a root that dies', () => {
  it('is held for dead in 2 s, and found again within 5 s of its return, without its memory', () => {
    const { world, r, a, b } = trio();
    world.run(10_000);
    world.remove(r);
    const lostMs = world.runUntil(
      () => a.events.some((event) => event.kind === 'online' && !event.isOnline),
      10_000,
    );
    expect(lostMs).toBeLessThan(7_000);
    world.run(60_000);
    const planet = planetOf([{ identity: testIdentity(0), endpoints: ['198.51.100.1/9993'] }]);
    const again = world.add('R', testIdentity(0), planet);
    world.bind(again, '198.51.100.1/9993');
    a.events.length = 0;
    b.events.length = 0;
    const online = (host: Host): boolean =>
      host.events.some((event) => event.kind === 'online' && event.isOnline);
    const backMs = world.runUntil(() => online(a) && online(b), 20_000);
    expect(backMs).toBeLessThan(5_000);
  });

  it('and is back before anybody noticed, without its memory, is greeted within 5 s', () => {
    const { world, r, a } = trio();
    world.run(10_100);
    world.remove(r);
    const planet = planetOf([{ identity: testIdentity(0), endpoints: ['198.51.100.1/9993'] }]);
    const again = world.add('R', testIdentity(0), planet);
    world.bind(again, '198.51.100.1/9993');
    const known = (): boolean =>
      again.node
        .peers(world.now)
        .some(({ address }) => address === a.node.status(world.now).address);
    expect(world.runUntil(known, 20_000)).toBeLessThan(5_000);
  });
});

describe('an idle leaf', () => {
  it('sends at most twice what the reference does, and stays online', () => {
    const { world, a } = trio();
    world.run(60_000);
    const start = world.log.length;
    world.run(600_000);
    const sent = world.log.slice(start).filter(({ from, to }) => from === 'A' || to === 'A');
    // The reference: WHOIS and OK every 5 s, HELLO, OK(HELLO) and their like every 226 s.
    expect(sent.length / 10).toBeLessThan(2 * 25);
    expect(isOnline(a)).toBe(true);
    expect(a.events.filter((event) => event.kind === 'online')).toHaveLength(1);
  });
});

describe('a node whose address changes', () => {
  it('is heard by its peer and its root again within 3 s', () => {
    const { world, a, b } = introduced();
    talk(world, a, b, 1_000);
    world.bind(b, '203.0.113.77/9993');
    const before = messages(b).length;
    const start = world.now.monoMs;
    while (messages(b).length === before) talk(world, a, b, 200);
    expect(world.now.monoMs - start).toBeLessThan(3_000);
    talk(world, a, b, 2_000);
    const after = world.log.length;
    talk(world, a, b, 400);
    expect(world.words(after)).toContain('A>B USER_MESSAGE/3');
  });
});
