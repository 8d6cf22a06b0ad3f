import { describe, expect, it } from 'vitest';

import { Correspondent } from '../../../test/core/correspondent.ts';
import { planetOf, SmallWorld, type Host } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import type { NodeLimits } from '../constants.ts';
import type { NodeDropReason } from '../drop-reasons.ts';

const at = '203.0.113.9/9993';

function rootAlone(limits: Partial<NodeLimits> = {}): { world: SmallWorld; r: Host } {
  const world = new SmallWorld();
  const planet = planetOf([{ identity: testIdentity(0), endpoints: ['198.51.100.1/9993'] }]);
  const r = world.add('R', testIdentity(0), planet, { limits });
  world.bind(r, '198.51.100.1/9993');
  return { world, r };
}

function drops(world: SmallWorld, host: Host, reason: NodeDropReason): number {
  return host.node.status(world.now).drops[reason] ?? 0;
}

describe('a HELLO of somebody unknown', () => {
  it('is answered when its identity was found to be valid, and not before', () => {
    const { world, r } = rootAlone();
    world.validationMs = 40;
    const x = new Correspondent(world, r, testIdentity(5), at);
    const id = x.say(x.hello({ timestamp: 42n }), 0);
    expect(x.received()).toEqual([]);
    expect(r.node.peers(world.now)).toEqual([]);
    world.run(41);
    const [ok, hello] = x.received();
    expect(ok).toMatchObject({
      suite: 1,
      message: {
        name: 'OK',
        value: {
          inReVerb: 1,
          inRePacketId: id,
          body: { value: { timestamp: 42n, version: { protocol: 12 }, worlds: [] } },
        },
      },
    });
    expect(ok!.message.value).toMatchObject({ body: { value: { seenAt: { port: 9_993 } } } });
    expect(hello).toMatchObject({ suite: 0, message: { name: 'HELLO' } });
  });

  it('changes nothing where its code is wrong', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    world.inject(
      r,
      at,
      x.seal(x.hello(), 0, (packet) => (packet[60] = (packet[60] ?? 0) ^ 1)),
    );
    world.inject(
      r,
      at,
      x.seal(x.hello(), 0, (packet) => (packet[20] = (packet[20] ?? 0) ^ 1)),
    );
    expect(r.node.takeValidation()).toBeNull();
    world.run(100);
    expect(drops(world, r, 'mac-mismatch')).toBe(2);
    expect(x.received()).toEqual([]);
    expect(r.node.peers(world.now)).toEqual([]);
  });

  it('changes nothing where its identity is not valid', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    r.node.handleDatagrams(world.now, {
      bytes: x.seal(x.hello(), 0),
      starts: Int32Array.of(0),
      ends: Int32Array.of(x.seal(x.hello(), 0).length),
      sockets: Int32Array.of(1),
      endpoints: [r.endpoints.ipv4(0xcb00_7109, 9_993)],
      ttls: new Uint8Array(1),
      count: 1,
    });
    const identity = r.node.takeValidation();
    expect(identity?.address).toBe(x.address);
    expect(r.node.takeValidation()).toBeNull();
    r.node.handleValidation(world.now, identity!, false);
    world.drain(r);
    world.run(100);
    expect(drops(world, r, 'invalid-identity')).toBe(1);
    expect(r.node.peers(world.now)).toEqual([]);
  });

  it('is dropped without a key being agreed, when too many came from its network', () => {
    const { world, r } = rootAlone();
    const all = Array.from(
      { length: 20 },
      (_, i) => new Correspondent(world, r, testIdentity(10 + i), `203.0.113.${i + 20}/9993`),
    );
    for (const x of all) x.say(x.hello(), 0);
    world.run(400);
    expect(drops(world, r, 'rate-limited')).toBe(4);
    expect(r.node.peers(world.now)).toHaveLength(16);
    world.run(2_000);
    for (const x of all.slice(16)) x.say(x.hello(), 0);
    world.run(50);
    expect(r.node.peers(world.now)).toHaveLength(20);
  });

  it('is dropped when as many as may are being checked', () => {
    const { world, r } = rootAlone({ validationsMax: 3 });
    world.validationMs = 1_000;
    for (let i = 0; i < 5; i++) {
      const x = new Correspondent(world, r, testIdentity(10 + i), `10.${i}.0.1/9993`);
      x.say(x.hello(), 0);
    }
    world.run(1_100);
    expect(drops(world, r, 'hold-full')).toBe(2);
    expect(r.node.peers(world.now)).toHaveLength(3);
  });

  it('of an old protocol, or with another source in its header, is dropped', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    const version = { protocol: 3, major: 1, minor: 0, revision: 0 };
    x.say(x.hello({ version }), 0);
    x.say(x.hello({ identity: testIdentity(6).identity }), 0);
    world.run(50);
    expect(drops(world, r, 'old-protocol')).toBe(1);
    expect(drops(world, r, 'bad-identity')).toBe(1);
    expect(x.received()).toEqual([]);
  });

  it('is told the port at which it is seen from protocol 5 on', () => {
    const { world, r } = rootAlone();
    const version = { protocol: 4, major: 1, minor: 0, revision: 0 };
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.say(x.hello({ version }), 0);
    world.run(50);
    expect(x.received()[0]!.message.value).toMatchObject({
      body: { value: { seenAt: { port: 0 } } },
    });
  });
});

describe('a HELLO of a known peer', () => {
  it('is answered at once, in the suite that it understands', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.meet();
    const start = world.log.length;
    x.say(x.hello(), 0);
    expect(x.received(start)).toMatchObject([{ suite: 3, message: { name: 'OK' } }]);
  });

  it('may come encrypted', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.meet();
    const start = world.log.length;
    const id = x.say(x.hello(), 1);
    expect(x.received(start)).toMatchObject([{ message: { value: { inRePacketId: id } } }]);
  });

  it('with an older planet brings the newer one', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.say(x.hello({ planet: { id: 77n, timestamp: 999n } }), 0);
    world.run(50);
    expect(x.received()[0]!.message.value).toMatchObject({
      body: { value: { worlds: [{ id: 77n, timestamp: 1_000n }] } },
    });
  });

  it('tells what its clock shows and which planet it has, whatever it says', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.meet();
    const said = (change: Parameters<typeof x.hello>[0]) => {
      x.say(x.hello(change), 0);
      const { clockSkewMs, planet } = r.node.peers(world.now)[0]!;
      return [clockSkewMs, planet];
    };
    const wall = BigInt(world.now.wallMs);
    const planet = { id: 77n, timestamp: 1_000n };
    expect(said({ timestamp: wall - 3_600_000n, planet })).toEqual([-3_600_000, 'same']);
    expect(said({ timestamp: wall + 5n, planet: { ...planet, id: 78n } })).toEqual([5, 'other']);
    const centuryMs = 3_153_600_000_000;
    expect(said({ timestamp: 2n ** 64n - 1n, planet: null, moons: null })).toEqual([
      centuryMs,
      'unknown',
    ]);
    expect(said({ timestamp: 0n })[0]).toBe(-world.now.wallMs);
  });
});

describe('a HELLO with an address that another identity has', () => {
  it('is refused with an error that its sender can open, and changes nothing', () => {
    const { world, r } = rootAlone();
    const x = new Correspondent(world, r, testIdentity(5), at);
    x.meet();
    const forged = {
      identity: { address: x.address, publicKey: testIdentity(6).identity.publicKey },
      secretKey: testIdentity(6).secretKey,
    };
    const y = new Correspondent(world, r, forged, '198.18.0.1/9993');
    const id = y.say(y.hello(), 0);
    expect(y.received()).toMatchObject([
      { suite: 1, message: { name: 'ERROR', value: { code: 4, inReVerb: 1, inRePacketId: id } } },
    ]);
    expect(drops(world, r, 'address-taken')).toBe(1);
    const start = world.log.length;
    x.say(x.hello(), 0);
    expect(x.received(start)).toHaveLength(1);
  });
});

describe('the table of peers', () => {
  it('forgets who was not heard for longest when it is full', () => {
    const { world, r } = rootAlone({ peersMax: 3 });
    for (let i = 0; i < 5; i++) {
      const x = new Correspondent(world, r, testIdentity(10 + i), `10.${i}.0.1/9993`);
      x.meet();
      world.run(10);
    }
    const addresses = r.node.peers(world.now).map(({ address }) => address);
    const last = [12, 13, 14].map((i) => testIdentity(i).identity.address);
    expect(addresses).toEqual(last.map((address) => address.toString(16).padStart(10, '0')));
  });

  it('forgets who was not heard for 500 s', () => {
    const { world, r } = rootAlone();
    new Correspondent(world, r, testIdentity(5), at).meet();
    world.run(490_000);
    expect(r.node.peers(world.now)).toHaveLength(1);
    world.run(50_000);
    expect(r.node.peers(world.now)).toHaveLength(0);
  });
});
