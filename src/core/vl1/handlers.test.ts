import { describe, expect, it } from 'vitest';

import { Correspondent } from '../../../test/core/correspondent.ts';
import { ip, planetOf, SmallWorld, trio, type Host } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import type { PacketId } from '../../base/ids.ts';
import { messageOf, type Message } from '../../wire/verbs/index.ts';
import { pushedPath } from '../../wire/verbs/push-direct-paths.ts';
import type { NodeDropReason } from '../drop-reasons.ts';
import type { InboundPacket, NetworkLayer, Outcome } from '../packet-handler.ts';

const rootAt = '198.51.100.1/9993';
const peerAt = '203.0.113.9/9993';

/** A leaf whose root is a correspondent: it hears what the test says. */
function leaf(networks?: NetworkLayer): { world: SmallWorld; a: Host; root: Correspondent } {
  const world = new SmallWorld();
  const planet = planetOf([{ identity: testIdentity(0), endpoints: [rootAt] }]);
  const options = networks === undefined ? {} : { networks: () => networks };
  const a = world.add('A', testIdentity(1), planet, options);
  world.bind(a, '198.51.100.2/9993');
  const root = new Correspondent(world, a, testIdentity(0), rootAt);
  root.ok(root.received()[0]!);
  return { world, a, root };
}

/** Makes a peer known to a leaf, by its root. */
function acquaint(world: SmallWorld, a: Host, root: Correspondent, index: number): Correspondent {
  const x = new Correspondent(world, a, testIdentity(index), peerAt);
  a.node.sendUserMessage(world.now, x.address, 1n, new Uint8Array(0));
  world.drain(a);
  const whois = root.received().findLast(({ message }) => message.name === 'WHOIS')!;
  root.say(
    messageOf('OK', {
      inReVerb: 4,
      inRePacketId: whois.packetId,
      body: { kind: 'whois', value: { identities: [x.identity.identity] } },
    }),
  );
  return x;
}

const drops = (world: SmallWorld, host: Host, reason: NodeDropReason): number =>
  host.node.status(world.now).drops[reason] ?? 0;
const names = (received: readonly { message: Message }[]): string[] =>
  received.map(({ message }) => message.name);
const echo = (data = new Uint8Array(0)): Message => messageOf('ECHO', { data });

describe('OK', () => {
  it('to what was not sent is dropped', () => {
    const { world, a, root } = leaf();
    const ok = { inReVerb: 8, inRePacketId: 5n as PacketId };
    root.say(messageOf('OK', { ...ok, body: { kind: 'echo', value: { data: new Uint8Array() } } }));
    expect(drops(world, a, 'unexpected-reply')).toBe(1);
  });

  it('to WHOIS is taken from a root only, and for what was asked only', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    expect(a.node.peers(world.now)).toHaveLength(2);
    const whois = root.received().find(({ message }) => message.name === 'WHOIS')!;
    const answer = messageOf('OK', {
      inReVerb: 4,
      inRePacketId: whois.packetId,
      body: { kind: 'whois', value: { identities: [testIdentity(8).identity] } },
    });
    x.say(answer);
    expect(drops(world, a, 'not-upstream')).toBe(1);
    root.say(answer);
    expect(a.node.peers(world.now)).toHaveLength(2);
  });

  it('to HELLO measures the round trip by the monotonic clock', () => {
    const { world, a, root } = leaf();
    world.run(224_000);
    const start = world.log.length;
    world.run(4_000);
    const hello = root.received(start).find(({ message }) => message.name === 'HELLO');
    expect(hello).toBeDefined();
    world.wallOffsetMs -= 3_600_000;
    world.run(30);
    root.ok(hello!);
    const [peer] = a.node.peers(world.now);
    expect(peer!.latencyMs).toBeGreaterThanOrEqual(0);
    expect(peer!.latencyMs).toBeLessThan(5_000);
  });
});

describe('ECHO', () => {
  it('is answered with its payload, six times a second on a path', () => {
    const { world, a, root } = leaf();
    const start = world.log.length;
    const data = Uint8Array.of(1, 2, 3);
    const id = root.say(echo(data));
    root.say(echo(data));
    world.run(170);
    root.say(echo(data));
    const answers = root.received(start).filter(({ message }) => message.name === 'OK');
    expect(answers).toHaveLength(2);
    expect(answers[0]!.message.value).toMatchObject({
      inRePacketId: id,
      body: { value: { data } },
    });
    expect(drops(world, a, 'rate-limited')).toBe(1);
  });

  it('over an unknown path is answered, and asked back for by HELLO, once a second', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    for (let i = 0; i < 3; i++) {
      x.say(echo());
      world.run(200);
    }
    expect(names(x.received())).toEqual(['OK', 'HELLO', 'OK', 'OK']);
    expect(a.node.peers(world.now)[1]!.paths).toEqual([]);
  });

  it('sent again from many places makes us send no more bytes there than came', () => {
    const { world, a } = leaf();
    const x = new Correspondent(world, a, testIdentity(5), peerAt);
    x.meet();
    const old = x.seal(messageOf('NOP', {}));
    const start = world.log.length;
    for (let i = 0; i < 100; i++) world.inject(a, `203.0.114.${i}/1`, old);
    const lengths = world.log.slice(start).map(({ length }) => length);
    expect(lengths).toHaveLength(100);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(old.length);
  });

  it('of a peer without a path is asked back for by HELLO from a few places at a time', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const start = world.log.length;
    const count = (): number =>
      world.log
        .slice(start)
        .filter(({ destination, suite }) => destination === x.address && suite === 0).length;
    for (let i = 0; i < 100; i++) world.inject(a, `203.0.114.${i}/1`, x.seal(echo()));
    expect(count()).toBe(4);
    world.run(250);
    for (let i = 0; i < 100; i++) world.inject(a, `203.0.115.${i}/1`, x.seal(echo()));
    expect(count()).toBe(5);
  });
});

describe('WHOIS', () => {
  const whois = (...indexes: number[]): Message =>
    messageOf('WHOIS', { addresses: indexes.map((i) => testIdentity(i).identity.address) });

  it('is answered with who is known, ourselves among them', () => {
    const { world, a, root } = leaf();
    acquaint(world, a, root, 5);
    const start = world.log.length;
    const id = root.say(whois(1, 5, 7));
    const [answer] = root.received(start).filter(({ message }) => message.name === 'OK');
    expect(answer!.message.value).toMatchObject({
      inRePacketId: id,
      body: { value: { identities: [testIdentity(1).identity, testIdentity(5).identity] } },
    });
  });

  it('for nobody known is not answered, but asked of our root', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const start = world.log.length;
    x.say(whois(7));
    expect(names(x.received(start)).filter((name) => name === 'OK')).toEqual([]);
    expect(names(root.received(start))).toContain('WHOIS');
  });

  it('is answered ten times a second by who is no root', () => {
    const { world, a, root } = leaf();
    for (let i = 0; i < 5; i++) root.say(whois(1));
    expect(drops(world, a, 'rate-limited')).toBe(4);
    world.run(100);
    root.say(whois(1));
    expect(drops(world, a, 'rate-limited')).toBe(4);
  });
});

describe('RENDEZVOUS', () => {
  const rendezvous = (index: number, at = peerAt): Message =>
    messageOf('RENDEZVOUS', {
      flags: 0,
      address: testIdentity(index).identity.address,
      endpoint: ip(at),
    });

  it('of a root opens the NAT and contacts, again until there is a path', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const start = world.log.length;
    root.say(rendezvous(5));
    expect(world.words(start)[0]).toBe(`A>${peerAt} junk/0`);
    expect(names(x.received(start))).toEqual(['HELLO']);
    world.run(10_000);
    expect(names(x.received(start))).toEqual(['HELLO', 'HELLO', 'HELLO', 'HELLO', 'HELLO']);
  });

  it('stops being followed when there is a path', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const start = world.log.length;
    root.say(rendezvous(5));
    x.ok(x.received(start)[0]!);
    expect(a.node.peers(world.now)[1]).toMatchObject({ isDirect: true });
    world.run(10_000);
    expect(names(x.received(start))).toEqual(['HELLO']);
  });

  it('of anybody else, for nobody known, or to a place where no path may lead, is dropped', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    x.say(rendezvous(1));
    root.say(rendezvous(9));
    root.say(rendezvous(5, '127.0.0.1/9993'));
    root.say(rendezvous(5, '203.0.113.9/0'));
    expect(drops(world, a, 'not-upstream')).toBe(1);
    expect(drops(world, a, 'unknown-peer')).toBe(1);
    expect(drops(world, a, 'bad-path')).toBe(2);
  });

  it('waits for an identity that is being asked for', () => {
    const { world, a, root } = leaf();
    const x = new Correspondent(world, a, testIdentity(5), peerAt);
    world.inject(
      a,
      rootAt,
      x.seal(messageOf('USER_MESSAGE', { typeId: 9n, data: new Uint8Array(3) })),
    );
    root.say(rendezvous(5));
    expect(x.received()).toEqual([]);
    const whois = root.received().findLast(({ message }) => message.name === 'WHOIS')!;
    const identities = [x.identity.identity];
    root.say(
      messageOf('OK', {
        inReVerb: 4,
        inRePacketId: whois.packetId,
        body: { kind: 'whois', value: { identities } },
      }),
    );
    expect(names(x.received())).toContain('HELLO');
    expect(a.events.some((event) => event.kind === 'user-message' && event.typeId === 9n)).toBe(
      true,
    );
  });
});

describe('PUSH_DIRECT_PATHS', () => {
  const push = (...at: string[]): Message =>
    messageOf('PUSH_DIRECT_PATHS', { paths: at.map((text) => pushedPath(ip(text))) });

  it('makes us contact what it names, eight addresses of a kind', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const start = world.log.length;
    x.say(push(...Array.from({ length: 12 }, (_, i) => `10.0.0.${i + 1}/9993`), '8.8.4.4/9993'));
    const to = world.log.slice(start).filter(({ what }) => what === 'sealed');
    const others = new Set(to.map((entry) => entry.to));
    others.delete(peerAt);
    expect(others.size).toBe(9);
    expect(others).toContain('8.8.4.4/9993');
  });

  it('is acted on eight times in a row', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const reached = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const start = world.log.length;
      x.say(push(`10.0.${i}.1/9993`));
      for (const { to } of world.log.slice(start)) reached.add(to);
      world.run(15_000);
    }
    expect([...reached].filter((to) => to.startsWith('10.'))).toHaveLength(8);
    world.run(31_000);
    const start = world.log.length;
    x.say(push('10.0.99.1/9993'));
    expect(world.log.slice(start).map(({ to }) => to)).toContain('10.0.99.1/9993');
  });
});

describe('a packet of somebody unknown', () => {
  it('waits for the identity, in order with those after it', () => {
    const { world, a, root } = leaf();
    const x = new Correspondent(world, a, testIdentity(5), peerAt);
    const say = (i: number): Message =>
      messageOf('USER_MESSAGE', { typeId: 9n, data: Uint8Array.of(i) });
    for (let i = 0; i < 5; i++) world.inject(a, rootAt, x.seal(say(i)));
    const whois = root.received().filter(({ message }) => message.name === 'WHOIS');
    expect(whois).toHaveLength(1);
    root.say(
      messageOf('OK', {
        inReVerb: 4,
        inRePacketId: whois[0]!.packetId,
        body: { kind: 'whois', value: { identities: [x.identity.identity] } },
      }),
    );
    const data = a.events.flatMap((event) =>
      event.kind === 'user-message' ? [event.data[0]] : [],
    );
    expect(data).toEqual([0, 1, 2, 3, 4]);
  });

  it('is asked for every 500 ms, and given up after 5 s', () => {
    const { world, a, root } = leaf();
    const x = new Correspondent(world, a, testIdentity(5), peerAt);
    const start = world.log.length;
    world.inject(a, rootAt, x.seal(messageOf('NOP', {})));
    // The root answers nothing at all here.
    const asked = (): number =>
      root.received(start).filter(({ message }) => message.name === 'WHOIS').length;
    world.run(1_200);
    expect(asked()).toBe(3);
    world.run(10_000);
    expect(asked()).toBeLessThanOrEqual(11);
    expect(drops(world, a, 'hold-expired')).toBe(1);
    expect(a.node.status(world.now).waiting.in).toBe(0);
  });

  it('has to share the room with others', () => {
    const { world, a } = leaf();
    for (let i = 0; i < 200; i++) {
      const x = new Correspondent(world, a, testIdentity(100 + i), peerAt);
      world.inject(a, peerAt, x.seal(messageOf('NOP', {})));
    }
    expect(a.node.status(world.now).waiting.in).toBe(64);
    expect(drops(world, a, 'hold-full')).toBe(136);
  });
});

describe('a packet that VL2 holds', () => {
  class Holding implements NetworkLayer {
    readonly seen: number[] = [];
    isReady = false;
    handlePacket(_now: unknown, packet: InboundPacket): Outcome {
      if (!this.isReady) return 'hold';
      this.seen.push(packet.payload[10]!);
      return 'trusted';
    }
    handleFrames(): void {
      return;
    }
    handleGroups(): void {
      return;
    }
    handleTimeout(): void {
      return;
    }
    nextTimeoutMs(): number {
      return Infinity;
    }
    join(): void {
      return;
    }
    leave(): void {
      return;
    }
    isVirtual(): boolean {
      return false;
    }
    contacts(): readonly never[] {
      return [];
    }
  }

  const frame = (i: number): Message =>
    messageOf('FRAME', { networkId: 5n as never, etherType: 0x800, data: Uint8Array.of(i) });

  it('is tried again in the order of arrival, and then makes its sender trusted', () => {
    const networks = new Holding();
    const { world, a, root } = leaf(networks);
    const x = acquaint(world, a, root, 5);
    for (let i = 0; i < 4; i++) x.say(frame(i));
    world.run(600);
    expect(networks.seen).toEqual([]);
    networks.isReady = true;
    const start = world.log.length;
    world.run(600);
    expect(networks.seen).toEqual([0, 1, 2, 3]);
    expect(names(x.received(start))).toContain('PUSH_DIRECT_PATHS');
    const push = x.received(start).find(({ message }) => message.name === 'PUSH_DIRECT_PATHS')!;
    expect(push.message.value).toMatchObject({ paths: [pushedPath(ip('198.51.100.2/9993'))] });
  });

  it('makes us push to its sender again when a root sees us elsewhere', () => {
    const networks = new Holding();
    networks.isReady = true;
    const { world, a, root } = leaf(networks);
    const x = acquaint(world, a, root, 5);
    const pushed = (act: () => void): unknown[] => {
      const start = world.log.length;
      act();
      world.run(10);
      return x
        .received(start)
        .flatMap(({ message }) =>
          message.name === 'PUSH_DIRECT_PATHS' ? [message.value.paths] : [],
        );
    };
    const seenAt = (text: string): void => {
      root.say(root.hello({ sentTo: ip(text) }), 0);
    };
    const listening = pushedPath(ip('198.51.100.2/9993'));
    seenAt('198.51.100.77/9993');
    const before = [[listening, pushedPath(ip('198.51.100.77/9993'))]];
    expect(pushed(() => x.say(frame(0)))).toEqual(before);
    expect(pushed(() => x.say(frame(1)))).toEqual([]);
    seenAt('198.51.100.78/9993');
    const after = [[listening, pushedPath(ip('198.51.100.78/9993'))]];
    expect(pushed(() => x.say(frame(2)))).toEqual(after);
    expect(pushed(() => x.say(frame(3)))).toEqual([]);
  });

  it('is given up after 5 s', () => {
    const { world, a, root } = leaf(new Holding());
    const x = acquaint(world, a, root, 5);
    x.say(frame(0));
    world.run(6_000);
    expect(a.node.status(world.now).waiting.in).toBe(0);
    expect(drops(world, a, 'hold-expired')).toBe(1);
  });
});

describe('ERROR about our identity', () => {
  const collision = (id: PacketId): Message =>
    messageOf('ERROR', { inReVerb: 1, inRePacketId: id, code: 4, body: { kind: 'none' } });

  it('is believed of a root that answers our HELLO, and of nobody else', () => {
    const { world, a, root } = leaf();
    const x = acquaint(world, a, root, 5);
    const { packetId } = root.received()[0]!;
    x.say(collision(packetId));
    root.say(collision(5n as PacketId));
    expect(a.events.some(({ kind }) => kind === 'identity-collision')).toBe(false);
    root.say(collision(packetId));
    expect(a.events.some(({ kind }) => kind === 'identity-collision')).toBe(true);
  });
});

describe('relaying', () => {
  it('is done by a root, three hops at most, and counts them', () => {
    const { world, r, a, b } = trio();
    world.run(500);
    const toB = new Correspondent(world, b, testIdentity(1), '198.51.100.2/9993');
    const packet = toB.seal(messageOf('NOP', {}));
    for (let hops = 0; hops < 5; hops++) {
      const start = world.log.length;
      const copy = packet.slice();
      copy[18] = copy[18]! | hops;
      world.inject(r, '198.51.100.2/9993', copy);
      const relayed = world.log.slice(start).filter(({ to, what }) => to === 'B' && what === 'NOP');
      expect(relayed.map((entry) => entry.hops)).toEqual(hops < 3 ? [hops + 1] : []);
    }
    expect(drops(world, r, 'relay-hops')).toBe(2);
    expect(drops(world, a, 'relay-refused')).toBe(0);
  });

  it('is refused by who is no root and does not trust the path', () => {
    const { world, a, b } = trio();
    world.run(500);
    const toB = new Correspondent(world, b, testIdentity(5), peerAt);
    world.inject(a, peerAt, toB.seal(messageOf('NOP', {})));
    expect(drops(world, a, 'relay-refused')).toBe(1);
  });

  it('introduces two nodes three times within 7 s, then every 30 s, at addresses of one family and scope', () => {
    const { world, r, b } = trio();
    world.run(500);
    const toB = new Correspondent(world, b, testIdentity(1), '198.51.100.2/9993');
    const introductions = (): number =>
      world.words().filter((word) => word.includes('RENDEZVOUS')).length / 2;
    const counts: number[] = [];
    for (let second = 0; second < 70; second++) {
      world.inject(r, '198.51.100.2/9993', toB.seal(messageOf('NOP', {})));
      world.run(1_000);
      counts.push(introductions());
    }
    const at = [1, 2, 3, 4].map((count) => counts.indexOf(count));
    expect(at).toEqual([0, 2, 7, 37]);
    // Who did without the root for a minute is introduced anew.
    world.run(70_000);
    for (let second = 0; second < 3; second++) {
      world.inject(r, '198.51.100.2/9993', toB.seal(messageOf('NOP', {})));
      world.run(1_000);
    }
    expect(introductions()).toBe(counts.at(-1)! + 2);
  });

  it('introduces anew who is somewhere else, once a second at most', () => {
    const { world, r, b } = trio();
    world.run(500);
    const toB = new Correspondent(world, b, testIdentity(1), '198.51.100.2/9993');
    const introductionsIn = (seconds: number): number => {
      const before = world.log.length;
      for (let tick = 0; tick < seconds * 10; tick++) {
        world.inject(r, '198.51.100.2/9993', toB.seal(messageOf('NOP', {})));
        world.run(100);
      }
      return world.log.slice(before).filter(({ what }) => what === 'RENDEZVOUS').length / 2;
    };
    expect(introductionsIn(10)).toBe(3);
    expect(introductionsIn(10)).toBe(0);
    world.bind(b, '203.0.113.4/9993');
    expect(introductionsIn(10)).toBeGreaterThanOrEqual(1);
    expect(introductionsIn(10)).toBe(0);
    for (let move = 0; move < 10; move++) {
      world.bind(b, `203.0.113.${10 + move}/9993`);
      expect(introductionsIn(1)).toBeLessThanOrEqual(1);
    }
  });
});
