import { describe, expect, it } from 'vitest';

import { Correspondent } from '../../../test/core/correspondent.ts';
import { ip, planetOf, SmallWorld, trio, type Host } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { formatAddress } from '../../base/ids.ts';
import { decode, isDrop } from '../../wire/codec.ts';
import { formatInetAddress } from '../../wire/inet-address.ts';
import { peerFile, peerRecord, type PeerRecord } from '../../wire/peer-record.ts';
import { messageOf } from '../../wire/verbs/index.ts';
import type { World } from '../../wire/world.ts';
import { housekeepingMs } from '../constants.ts';
import type { NodeOptions } from '../node.ts';
import { doubtMs, recordsAtOnceMax, rememberedAddressesMax } from './peer-memory.ts';

const rootAt = '198.51.100.1/9993';
const planet: World = planetOf([{ identity: testIdentity(0), endpoints: [rootAt] }]);
const version = { protocol: 12, major: 1, minor: 14, revision: 1 };

/** The files of peers that a node has written so far, as they are now. */
function filesOf(host: Host): Map<string, PeerRecord> {
  const files = new Map<string, PeerRecord>();
  for (const event of host.events) {
    if (event.kind !== 'persist' || !event.name.startsWith('peers.d/')) continue;
    if (event.bytes === null) {
      files.delete(event.name);
      continue;
    }
    const record = decode(peerRecord, event.bytes);
    if (isDrop(record)) throw new Error(record);
    files.delete(event.name);
    files.set(event.name, record);
  }
  return files;
}

const writesOf = (host: Host): string[] =>
  host.events.flatMap((event) =>
    event.kind === 'persist' && event.name.startsWith('peers.d/') ? [event.name] : [],
  );

function recordOf(index: number, ...addresses: readonly string[]): PeerRecord {
  const { identity } = testIdentity(index);
  return { identity, version, addresses: addresses.map(ip) };
}

function say(world: SmallWorld, from: Host, to: Host, byte: number): void {
  const { address } = to.identity.identity;
  from.node.sendUserMessage(world.now, address, 70_000n, Uint8Array.of(byte));
  world.drain(from);
}

const heard = (host: Host): number[] =>
  host.events.flatMap((event) => (event.kind === 'user-message' ? [event.data[0]!] : []));

/** A and B on a direct path, and A stopped as its daemon stops it. */
function introduced(): ReturnType<typeof trio> {
  const parts = trio();
  const { world, a, b } = parts;
  world.run(500);
  say(world, a, b, 1);
  world.run(500);
  say(world, b, a, 2);
  world.run(500);
  a.node.savePeers(world.now);
  world.drain(a);
  world.remove(a);
  return parts;
}

/** A once more, with the memory of the one before it. */
function again(world: SmallWorld, before: Host, options: Partial<NodeOptions> = {}): Host {
  const peers = [...filesOf(before).values()];
  const host = world.add('A', before.identity, planet, { peers, ...options });
  world.bind(host, '198.51.100.2/9993');
  return host;
}

describe('a node that starts again', () => {
  it('has written who its peers are, what they speak and where they were', () => {
    const { a, b, r } = introduced();
    const files = filesOf(a);
    expect([...files.keys()].sort()).toEqual(
      [r, b].map(({ identity }) => peerFile(identity.identity)).sort(),
    );
    expect(files.get(peerFile(b.identity.identity))).toEqual({
      identity: b.identity.identity,
      version,
      addresses: [ip('203.0.113.3/9993')],
    });
  });

  it('reaches a peer directly, without a question to a root, and in suite 3', () => {
    const { world, a, b } = introduced();
    const start = world.log.length;
    const restarted = again(world, a);
    for (const byte of [7, 8]) {
      say(world, restarted, b, byte);
      world.run(100);
    }
    expect(heard(b)).toEqual([1, 7, 8]);
    const words = world.words(start);
    expect(words.slice(0, 2)).toEqual(['A>R HELLO/0', 'A>B HELLO/0']);
    expect(words).toContain('A>B USER_MESSAGE/3');
    expect(words.filter((word) => word.includes('WHOIS'))).toEqual([]);
  });

  it('reaches a peer where there is no root at all', () => {
    const { world, r, a, b } = introduced();
    world.remove(r);
    const restarted = again(world, a);
    say(world, restarted, b, 7);
    world.run(100);
    expect(heard(b)).toContain(7);
    expect(restarted.node.peers(world.now).find(({ role }) => role === 'leaf')).toMatchObject({
      isDirect: true,
    });
  });

  it('understands at once what a peer sends that it has not met yet', () => {
    const { world, a, b } = introduced();
    const restarted = again(world, a);
    const start = world.log.length;
    say(world, b, restarted, 9);
    world.run(40);
    expect(heard(restarted)).toEqual([9]);
    expect(world.words(start).filter((word) => word.includes('WHOIS'))).toEqual([]);
  });

  it('sends nothing to peers that it has no business with', () => {
    const { world, a } = introduced();
    const start = world.log.length;
    again(world, a);
    world.run(60_000);
    expect(world.words(start).filter((word) => word.startsWith('A>B'))).toEqual([]);
  });
});

describe('a remembered address', () => {
  it('is no path before it has answered, and the root is used meanwhile', () => {
    const { world, a, b } = introduced();
    const peers = [recordOf(2, '203.0.113.99/9993')];
    const restarted = again(world, a, { peers });
    world.run(300);
    const start = world.log.length;
    say(world, restarted, b, 7);
    world.run(30);
    expect(heard(b)).toContain(7);
    const words = world.words(start);
    expect(words).toContain('A>R USER_MESSAGE/3');
    expect(words).toContain('A>203.0.113.99/9993 HELLO/0');
    const status = restarted.node.peers(world.now).find(({ role }) => role === 'leaf')!;
    expect(status.paths.map(({ endpoint }) => endpoint)).not.toContain('203.0.113.99/9993');
    // It is given up, and not tried for ever.
    world.run(10_000);
    const later = world.log.length;
    world.run(60_000);
    expect(world.words(later).filter((word) => word.includes('203.0.113.99'))).toEqual([]);
  });

  it('is not tried where no path may lead, and eight are at most', () => {
    const world = new SmallWorld();
    const many = Array.from({ length: 20 }, (_, i) => `203.0.113.${20 + i}/9993`);
    const peers = [recordOf(2, '127.0.0.1/9993', '169.254.0.1/9993', '203.0.113.1/0', ...many)];
    const a = world.add('A', testIdentity(1), planet, { peers });
    world.bind(a, '198.51.100.2/9993');
    const start = world.log.length;
    a.node.sendUserMessage(world.now, peers[0]!.identity.address, 1n, new Uint8Array(1));
    world.drain(a);
    expect(world.log.slice(start).map(({ to }) => to)).toEqual(
      many.slice(0, rememberedAddressesMax - 3),
    );
  });

  it('is kept as long as there is no other, and gives way to one', () => {
    const world = new SmallWorld();
    const peers = [recordOf(2, '203.0.113.50/9993')];
    const a = world.add('A', testIdentity(1), planet, { peers });
    world.bind(a, '198.51.100.2/9993');
    const root = new Correspondent(world, a, testIdentity(0), rootAt);
    root.ok(root.received()[0]!);
    // Heard over the root only.
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.3/9993');
    const relayed = b.seal(messageOf('NOP', {}), 3, (packet) => {
      packet[18] = (packet[18]! & 0xf8) | 1;
    });
    world.inject(a, rootAt, relayed);
    world.run(2 * housekeepingMs);
    const file = peerFile(b.identity.identity);
    expect(filesOf(a).get(file)?.addresses.map(formatInetAddress)).toEqual(['203.0.113.50/9993']);
    b.meet();
    world.run(2 * housekeepingMs);
    expect(filesOf(a).get(file)?.addresses.map(formatInetAddress)).toEqual(['203.0.113.3/9993']);
  });
});

describe('a remembered identity', () => {
  const wrong = (): PeerRecord => ({
    ...recordOf(2, '203.0.113.3/9993'),
    identity: { ...testIdentity(3).identity, address: testIdentity(2).identity.address },
  });

  it('that is wrong is forgotten for that of a root', () => {
    const { world, a, b } = introduced();
    const restarted = again(world, a, { peers: [wrong()] });
    world.run(300);
    const start = world.log.length;
    const talk = (seconds: number): void => {
      for (let i = 0; i < seconds; i++) {
        say(world, restarted, b, 100);
        world.run(1_000);
      }
    };
    talk(doubtMs / 1_000);
    expect(heard(b)).toEqual([1]);
    // It is noticed at the next tick of 5 s.
    talk(7);
    expect(world.words(start)).toContain('A>R WHOIS/3');
    expect(heard(b)).toContain(100);
  });

  it('that is wrong gives way to one whose address was checked, who is told of no collision', () => {
    const world = new SmallWorld();
    const a = world.add('A', testIdentity(1), planet, { peers: [wrong()] });
    world.bind(a, '198.51.100.2/9993');
    const { address } = testIdentity(2).identity;
    a.node.sendUserMessage(world.now, address, 1n, Uint8Array.of(5));
    world.drain(a);
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.77/9993');
    b.say(b.hello(), 0);
    world.run(50);
    const said = b.received().map(({ message }) => message.name);
    expect(said).toContain('OK');
    expect(said).not.toContain('ERROR');
    b.say(messageOf('USER_MESSAGE', { typeId: 1n, data: Uint8Array.of(8) }), 3);
    expect(heard(a)).toEqual([8]);
  });

  it('is certain once its node was heard: another one is told that the address is taken', () => {
    const world = new SmallWorld();
    const a = world.add('A', testIdentity(1), planet, { peers: [recordOf(2)] });
    world.bind(a, '198.51.100.2/9993');
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.77/9993');
    b.say(messageOf('NOP', {}), 3);
    const imposter = {
      ...testIdentity(3),
      identity: { ...testIdentity(3).identity, address: b.address },
    };
    const x = new Correspondent(world, a, imposter, '203.0.113.78/9993');
    x.say(x.hello(), 0);
    world.run(50);
    expect(x.received().map(({ message }) => message.name)).toEqual(['ERROR']);
    expect(a.node.status(world.now).drops).toMatchObject({ 'address-taken': 1 });
  });
});

describe('a root that starts again', () => {
  it('knows its members: it answers their questions, and relays for them, without a HELLO of theirs', () => {
    const { world, r, a, b } = trio();
    world.run(500);
    r.node.savePeers(world.now);
    world.drain(r);
    world.remove(r);
    const peers = [...filesOf(r).values()];
    expect(peers).toHaveLength(2);
    const restarted = world.add('R', r.identity, planet, { peers });
    world.bind(restarted, rootAt);
    const start = world.log.length;
    for (const byte of [7, 8]) {
      say(world, a, b, byte);
      world.run(100);
    }
    expect(heard(b)).toContain(8);
    const words = world.words(start);
    expect(words.slice(0, 4)).toEqual(['A>R WHOIS/3', 'R>A HELLO/0', 'R>B HELLO/0', 'R>A OK/3']);
    expect(words.filter((word) => word === 'A>R HELLO/0' || word === 'B>R HELLO/0')).toEqual([]);
  });
});

describe('the files of peers', () => {
  it('are written at housekeeping, only where something has changed, and once a day', () => {
    const world = new SmallWorld();
    // Its own root: with nobody to greet, a day is soon over.
    const own = planetOf([{ identity: testIdentity(1), endpoints: ['198.51.100.2/9993'] }]);
    const a = world.add('A', testIdentity(1), own);
    world.bind(a, '198.51.100.2/9993');
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.3/9993');
    const file = peerFile(b.identity.identity);
    b.meet();
    expect(writesOf(a)).toEqual([]);
    world.run(housekeepingMs + 5_000);
    expect(writesOf(a)).toEqual([file]);
    const hourMs = 3_600_000;
    for (let hour = 0; hour < 23; hour++) {
      world.run(hourMs);
      // Each time it was forgotten meanwhile, and is recalled.
      b.say(messageOf('NOP', {}), 3);
    }
    expect(writesOf(a)).toEqual([file]);
    world.run(2 * hourMs);
    b.say(messageOf('NOP', {}), 3);
    world.run(2 * housekeepingMs);
    expect(writesOf(a)).toEqual([file, file]);
  });

  it('are bounded in number: the oldest is removed for a new one', () => {
    const world = new SmallWorld();
    const peers = [recordOf(10), recordOf(11), recordOf(12)];
    const a = world.add('A', testIdentity(1), planet, { peers, limits: { rememberedMax: 2 } });
    world.bind(a, '198.51.100.2/9993');
    // The first one had no room.
    const b = new Correspondent(world, a, testIdentity(2), '203.0.113.3/9993');
    b.meet();
    a.node.savePeers(world.now);
    world.drain(a);
    const writes = a.events.flatMap((event) =>
      event.kind === 'persist' ? [[event.name, event.bytes === null]] : [],
    );
    expect(writes).toEqual([
      [peerFile(peers[1]!.identity), true],
      [peerFile(b.identity.identity), false],
    ]);
  });

  it('are so many at a time', () => {
    const world = new SmallWorld();
    const count = recordsAtOnceMax + 20;
    const peers = Array.from({ length: count }, (_, i) => recordOf(10 + i));
    const a = world.add('A', testIdentity(1), planet, { peers });
    world.bind(a, '198.51.100.2/9993');
    for (const { identity } of peers) {
      const index = peers.findIndex((each) => each.identity === identity) + 10;
      const x = new Correspondent(world, a, testIdentity(index), '203.0.113.3/9993');
      x.say(messageOf('NOP', {}), 3);
      world.run(3);
    }
    while (writesOf(a).length === 0) world.run(1_000);
    expect(new Set(writesOf(a)).size).toBe(recordsAtOnceMax);
    world.run(housekeepingMs);
    expect(new Set(writesOf(a)).size).toBe(count);
  });
});

describe('packets of those who are remembered', () => {
  it('bring back 400 in a second: nobody knows yet that they are not forged', () => {
    const world = new SmallWorld();
    const count = 600;
    const peers = Array.from({ length: count }, (_, i) => recordOf(10 + i));
    const a = world.add('A', testIdentity(1), planet, { peers });
    world.bind(a, '198.51.100.2/9993');
    const known = (): number => a.node.status(world.now).peerCount;
    const before = known();
    const forged = peers.map(({ identity }) => {
      const bytes = new Uint8Array(64);
      const [own, theirs] = [a.identity.identity.address, identity.address].map(formatAddress);
      bytes.set(Buffer.from(own! + theirs!, 'hex'), 8);
      bytes[18] = 3 << 3;
      return bytes;
    });
    world.inject(a, '203.0.113.3/9993', ...forged);
    expect(known() - before).toBe(400);
    expect(a.node.status(world.now).drops).toMatchObject({ 'mac-mismatch': 400 });
  });
});

describe('where a peer was last', () => {
  it('is tried now and then as long as packets for it have nowhere to go', () => {
    const { world, r, a, b } = introduced();
    world.remove(r);
    world.remove(b);
    const restarted = again(world, a);
    const { address } = b.identity.identity;
    const say5s = (seconds: number): void => {
      for (let i = 0; i < seconds; i += 5) {
        restarted.node.sendUserMessage(world.now, address, 70_000n, Uint8Array.of(9));
        world.drain(restarted);
        world.run(5_000);
      }
    };
    say5s(100);
    expect(heard(b)).toEqual([1]);
    world.hosts.push(b);
    say5s(40);
    expect(heard(b)).toContain(9);
  });
});
