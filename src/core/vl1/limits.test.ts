import { describe, expect, it } from 'vitest';

import { Correspondent } from '../../../test/core/correspondent.ts';
import {
  ip,
  planetOf,
  provider,
  seeded,
  SmallWorld,
  trio,
} from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { messageOf, verbNumbers } from '../../wire/verbs/index.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { pathsPerPeerMax } from '../constants.ts';
import { EndpointTable } from '../endpoint.ts';
import { EventQueue, eventsMax } from '../events.ts';
import type { Vl1 } from '../vl1-port.ts';
import { attemptsMax } from './attempts.ts';
import type { Contact } from './contact.ts';
import { ExpectedReplies } from './expected-replies.ts';
import { OwnPackets, ownPacketsMax } from './own-packets.ts';
import { PacketIds } from './packet-ids.ts';
import { PathTable } from './path-table.ts';
import { PathWatch } from './path-watch.ts';
import { Path } from './path.ts';
import { PeerTable } from './peer-table.ts';
import { Peer } from './peer.ts';
import { Sockets, socketsMax } from './sockets.ts';

const rootAt = '198.51.100.1/9993';
const planet = planetOf([{ identity: testIdentity(0), endpoints: [rootAt] }]);

describe('what waits to be sent', () => {
  it('is 128 packets, of which the oldest give way, and is given up after 5 s', () => {
    const world = new SmallWorld();
    const a = world.add('A', testIdentity(1), planet);
    world.bind(a, '198.51.100.2/9993');
    for (let i = 0; i < 200; i++)
      a.node.sendUserMessage(world.now, (1_000 + i) as Address, 1n, new Uint8Array(3));
    expect(a.node.status(world.now)).toMatchObject({
      waiting: { out: 128 },
      drops: { 'hold-full': 72 },
    });
    world.run(6_000);
    expect(a.node.status(world.now)).toMatchObject({
      waiting: { out: 0 },
      drops: { 'hold-expired': 128 },
    });
  });

  it('is dropped and counted when the driver takes nothing away', () => {
    const { world, a, b } = trio({ limits: { datagramsMax: 20 } });
    world.run(500);
    for (let i = 0; i < 40; i++)
      a.node.sendUserMessage(world.now, b.identity.identity.address, 1n, new Uint8Array(3));
    world.drain(a);
    world.run(500);
    for (let i = 0; i < 40; i++)
      a.node.sendUserMessage(world.now, b.identity.identity.address, 1n, new Uint8Array(3));
    expect(a.node.datagrams.count).toBeLessThanOrEqual(20);
    expect(a.node.status(world.now).drops['queue-full']).toBeGreaterThan(0);
  });
});

describe('identities that are asked for', () => {
  it('are 256 at a time, half of them at most for packets of unknown senders', () => {
    const world = new SmallWorld();
    let vl1: Vl1 | null = null;
    const a = world.add('A', testIdentity(1), planet, {
      controller: (given) => {
        vl1 = given;
        return { handlePacket: () => 'ignored' };
      },
    });
    world.bind(a, '198.51.100.2/9993');
    const root = new Correspondent(world, a, testIdentity(0), rootAt);
    root.ok(root.received()[0]!);
    const asked = (): number =>
      root.received().filter(({ message }) => message.name === 'WHOIS').length;
    for (let i = 0; i < 300; i++) {
      const x = new Correspondent(world, a, testIdentity(100 + i), '203.0.113.9/1');
      world.inject(a, '203.0.113.9/1', x.seal(messageOf('NOP', {})));
    }
    expect(asked()).toBe(128);
    for (let i = 0; i < 300; i++) vl1!.askIdentity(world.now, (5_000 + i) as Address);
    world.drain(a);
    expect(asked()).toBe(256);
  });
});

describe('addresses that are tried', () => {
  it('are a bounded number, more are tried once', () => {
    const world = new SmallWorld();
    const a = world.add('A', testIdentity(1), planet);
    world.bind(a, '198.51.100.2/9993');
    const root = new Correspondent(world, a, testIdentity(0), rootAt);
    root.ok(root.received()[0]!);
    const peer = testIdentity(5).identity;
    a.node.sendUserMessage(world.now, peer.address, 1n, new Uint8Array(0));
    world.drain(a);
    const whois = root.received().findLast(({ message }) => message.name === 'WHOIS')!;
    const body = { kind: 'whois', value: { identities: [peer] } } as const;
    root.say(messageOf('OK', { inReVerb: 4, inRePacketId: whois.packetId, body }));
    const start = world.log.length;
    for (let i = 0; i < attemptsMax + 100; i++) {
      const endpoint = ip(`10.0.${i >> 8}.${i & 255}/9993`);
      root.say(messageOf('RENDEZVOUS', { flags: 0, address: peer.address, endpoint }));
    }
    const tried = (): number =>
      world.log.slice(start).filter(({ destination }) => destination === peer.address).length;
    expect(tried()).toBe(attemptsMax + 100);
    world.run(10_000);
    expect(tried()).toBe(5 * attemptsMax + 100);
  });
});

describe('paths of one peer', () => {
  it('are 64 at most: an answer that is sent again from many places makes no more', () => {
    const world = new SmallWorld();
    const a = world.add('A', testIdentity(1), planet);
    world.bind(a, '198.51.100.2/9993');
    const root = new Correspondent(world, a, testIdentity(0), rootAt);
    root.ok(root.received()[0]!);
    const x = new Correspondent(world, a, testIdentity(5), '203.0.113.9/9993');
    x.meet();
    const answer = x.seal(
      messageOf('OK', {
        inReVerb: verbNumbers.HELLO,
        inRePacketId: x.received().find(({ message }) => message.name === 'HELLO')!.packetId,
        body: {
          kind: 'hello',
          value: {
            timestamp: 0n,
            version: { protocol: 12, major: 1, minor: 14, revision: 1 },
            seenAt: null,
            worlds: null,
          },
        },
      }),
    );
    const paths = (): number =>
      a.node.peers(world.now).find(({ role }) => role === 'leaf')!.paths.length;
    const counts: number[] = [];
    for (let i = 0; i < 100; i++) {
      world.inject(a, `203.0.${i}.1/1`, answer);
      counts.push(paths());
    }
    expect(counts[0]).toBe(2);
    expect(Math.max(...counts)).toBe(pathsPerPeerMax);
  });

  it('are watched no longer than there is the peer', () => {
    const events = new EventQueue();
    const table = new PeerTable(new PathTable(10), 2, () => false);
    const tried: string[] = [];
    const contact = {
      try: (_now: unknown, peer: Peer) => tried.push(String(peer.address)),
    } as unknown as Contact;
    const watch = new PathWatch(contact, table, events);
    const endpoints = new EndpointTable();
    for (let i = 1; i <= 5; i++) {
      const { identity } = testIdentity(i);
      const keys = PeerKeys.agree(provider, testIdentity(0).secretKey, identity.publicKey)!;
      const peer = new Peer(identity, keys, i);
      table.add(peer);
      const path = {
        path: new Path(1, endpoints.ipv4(i, 1)),
        lastReceiveMs: i,
        lastAnswerMs: i,
        priority: 1,
        probes: 0,
        probedMs: -Infinity,
        needsAnswer: false,
        isDead: false,
      };
      peer.paths.push(path);
      watch.doubt(peer, path);
    }
    expect(watch.size).toBe(5);
    watch.run({ monoMs: 1_000, wallMs: 0 });
    expect(watch.size).toBe(2);
    expect(tried).toHaveLength(2);
  });
});

describe('introductions', () => {
  it('are remembered for a bounded number of pairs', () => {
    const { world, r, b } = trio({ limits: { introductionsMax: 2 } });
    world.run(500);
    const others = [3, 4, 5].map((index, i) => {
      const x = new Correspondent(world, r, testIdentity(index), `203.0.113.${50 + i}/9993`);
      x.meet();
      return new Correspondent(world, b, testIdentity(index), x.at);
    });
    const introduce = (index: number): number => {
      const start = world.log.length;
      world.inject(r, others[index]!.at, others[index]!.seal(messageOf('NOP', {})));
      return world.words(start).filter((word) => word.startsWith('R>B RENDEZVOUS')).length;
    };
    expect([introduce(0), introduce(1), introduce(1), introduce(2)]).toEqual([1, 1, 0, 1]);
    // The first pair had to make room for the third.
    expect([introduce(2), introduce(0)]).toEqual([0, 1]);
  });
});

describe('packets of a node to itself', () => {
  it('are 64 at most, and are handed up after the call', () => {
    const own = new OwnPackets(
      testIdentity(1),
      provider,
      new PacketIds(seeded('own')),
      new ExpectedReplies(),
      new EndpointTable(),
    );
    const now = { monoMs: 1, wallMs: 1 };
    for (let i = 0; i <= ownPacketsMax; i++) own.add(now, verbNumbers.NOP, new Uint8Array(0));
    expect(own.size).toBe(ownPacketsMax);
    expect(own.take()?.verb).toBe(verbNumbers.NOP);
    expect(own.size).toBe(ownPacketsMax - 1);
  });

  it('do not go round for ever in one call', () => {
    const world = new SmallWorld();
    let handled = 0;
    const self = testIdentity(1).identity.address;
    const a = world.add('A', testIdentity(1), planet, {
      controller: (vl1) => ({
        handlePacket: (now, packet) => {
          handled++;
          vl1.send(now, self, verbNumbers.NETWORK_CONFIG_REQUEST, packet.payload);
          return 'accepted';
        },
      }),
      networks: (vl1) => ({
        handlePacket: () => 'ignored',
        handleFrames: () => undefined,
        handleGroups: () => undefined,
        handleTimeout: () => undefined,
        nextTimeoutMs: () => Infinity,
        join: (now) => {
          vl1.send(now, self, verbNumbers.NETWORK_CONFIG_REQUEST, new Uint8Array(1));
        },
        leave: () => undefined,
        isVirtual: () => false,
        contacts: () => [],
      }),
    });
    a.node.join(world.now, 5n as NetworkId);
    expect(handled).toBe(ownPacketsMax);
  });
});

describe('sockets and events', () => {
  it('are bounded', () => {
    const endpoints = new EndpointTable();
    const sockets = new Sockets();
    const list = Array.from({ length: 100 }, (_, i) => ({
      id: i + 1,
      local: endpoints.ipv4(0x0a00_0001 + i, 9_993),
    }));
    expect(sockets.set(list).added).toHaveLength(socketsMax);
    const events = new EventQueue();
    for (let i = 0; i < eventsMax + 10; i++) events.push({ kind: 'identity-collision' });
    expect(events.take()).toHaveLength(eventsMax);
    expect(events.dropped).toBe(10);
    expect(events.take()).toEqual([]);
  });
});

describe('a flood', () => {
  it('of pieces does not push out those of a peer', () => {
    const { world, a, b } = trio();
    world.run(500);
    const talk = (data: Uint8Array): void => {
      a.node.sendUserMessage(world.now, b.identity.identity.address, 70_000n, data);
      world.drain(a);
      world.run(100);
    };
    const heard = (): number => b.events.filter(({ kind }) => kind === 'user-message').length;
    talk(new Uint8Array(3));
    world.run(500);
    const from = a.socket.local.key;
    const start = world.log.length;
    world.isLost = (sender, receiver) => sender === a && receiver === b;
    const data = new Uint8Array(3_000);
    seeded('pieces').fill(data);
    talk(data);
    world.isLost = () => false;
    const isOurs = (_: unknown, i: number): boolean => {
      const { what, from: sender, to } = world.log.slice(start)[i]!;
      return sender === 'A' && to === 'B' && (what === 'head' || what === 'fragment');
    };
    const sent = world
      .sentTo(b.socket.local.key, start)
      .filter((bytes) => bytes.length > 1_000 || bytes[13] === 0xff);
    expect(world.log.slice(start).filter(isOurs).length).toBe(sent.length);
    const [head, ...fragments] = sent;
    const before = heard();
    world.inject(b, from, head!);
    const forged = fragments[0]!.slice();
    for (let i = 0; i < 1_000; i++) {
      new DataView(forged.buffer).setUint32(0, i);
      world.inject(b, `203.0.${i & 127}.9/${1 + i}`, forged.slice());
    }
    for (const fragment of fragments) world.inject(b, from, fragment);
    expect(heard()).toBe(before + 1);
  });

  it('of garbage, forged HELLOs and fragments leaves a member talking, and memory bounded', () => {
    const { world, r, a, b } = trio();
    world.run(500);
    const talk = (): void => {
      a.node.sendUserMessage(world.now, b.identity.identity.address, 1n, new Uint8Array(3));
      world.drain(a);
    };
    talk();
    world.run(500);
    const before = b.events.filter(({ kind }) => kind === 'user-message').length;
    const forged = {
      identity: { address: 0x12_3456_789a as Address, publicKey: new Uint8Array(64).fill(9) },
      secretKey: testIdentity(9).secretKey,
    };
    const x = new Correspondent(world, b, forged, '203.0.113.200/1');
    const hello = x.seal(x.hello(), 0);
    const noise = seeded('flood');
    for (let i = 0; i < 3_000; i++) {
      const garbage = new Uint8Array(17 + (i % 60));
      noise.fill(garbage);
      const own = garbage.slice();
      own.set(x.seal(messageOf('NOP', {})).subarray(8, 13), 8);
      const from = `203.0.${i & 127}.${1 + ((i >> 7) & 127)}/${1 + i}`;
      world.inject(b, from, garbage, own, hello);
      world.inject(r, from, garbage, own);
      if (i % 300 === 0) talk();
    }
    world.run(500);
    const after = b.events.filter(({ kind }) => kind === 'user-message').length;
    expect(after - before).toBe(10);
    const status = b.node.status(world.now);
    expect(status.peerCount).toBeLessThan(10);
    expect(status.waiting.in).toBeLessThanOrEqual(128);
  });
});
