import { describe, expect, it } from 'vitest';

import { ip, planetOf, provider } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { decode } from '../../wire/codec.ts';
import { signWorld, world, type World } from '../../wire/world.ts';
import { Topology } from './topology.ts';

const root = testIdentity(0);
const second = testIdentity(1);
const self = testIdentity(2);
const stranger = testIdentity(3);
const at = (text: string): { endpoints: string[] } => ({ endpoints: [text] });
const planet = planetOf([{ identity: root, ...at('198.51.100.1/9993') }]);
const newer = planetOf(
  [
    { identity: root, ...at('198.51.100.1/9993') },
    { identity: second, ...at('198.51.100.2/9993') },
  ],
  2_000n,
);

function moonOf(id: bigint, timestamp: bigint): World {
  return signWorld(provider, root.secretKey, {
    ...planet,
    kind: 'moon',
    id,
    timestamp,
    updateKey: root.identity.publicKey,
    roots: [{ identity: second.identity, endpoints: [ip('10.0.0.2/9993')] }],
  });
}

const topology = (who = self, moons: readonly World[] = []): Topology =>
  new Topology(provider, who.identity, planet, moons, 4);

describe('a planet', () => {
  it('names the upstreams, and tells a root that it is one', () => {
    expect(topology().upstreams).toEqual([root.identity.address]);
    expect(topology().isRoot).toBe(false);
    expect(topology(root).upstreams).toEqual([]);
    expect(topology(root).isRoot).toBe(true);
    const imposter = { ...root, identity: { ...root.identity, publicKey: new Uint8Array(64) } };
    expect(topology(imposter).isRoot).toBe(false);
  });

  it('is replaced by a newer one that a root sends, and nobody else', () => {
    const mine = topology();
    expect(mine.offer(stranger.identity.address, newer)).toBeNull();
    const file = mine.offer(root.identity.address, newer);
    expect(file?.name).toBe('planet');
    expect(decode(world, file!.bytes)).toEqual(newer);
    expect(mine.upstreams).toHaveLength(2);
    expect(mine.offer(root.identity.address, newer)).toBeNull();
    expect(mine.offer(root.identity.address, planet)).toBeNull();
  });

  it('is compared with that of another node', () => {
    const mine = topology();
    const compare = (id: bigint, timestamp: bigint) => mine.comparePlanet({ id, timestamp });
    const { id, timestamp } = planet;
    expect(compare(id, timestamp)).toBe('same');
    expect(compare(id, timestamp - 1n)).toBe('older');
    expect(compare(id, timestamp + 1n)).toBe('newer');
    expect(compare(id + 1n, timestamp)).toBe('other');
    expect(mine.comparePlanet(null)).toBe('unknown');
  });

  it('is not replaced by one that somebody else signed', () => {
    const forged = signWorld(provider, stranger.secretKey, { ...newer, timestamp: 3_000n });
    expect(topology().offer(root.identity.address, forged)).toBeNull();
  });

  it('allows paths of a root to its own addresses only', () => {
    const mine = topology();
    expect(mine.allowsPath(root.identity.address, ip('198.51.100.1/1'))).toBe(true);
    expect(mine.allowsPath(root.identity.address, ip('198.51.100.9/9993'))).toBe(false);
    expect(mine.allowsPath(stranger.identity.address, ip('198.51.100.9/9993'))).toBe(true);
  });
});

describe('a moon', () => {
  it('is taken from its seed when it is looked for, and its roots are upstreams', () => {
    const mine = topology();
    const seed = second.identity.address;
    expect(mine.offer(seed, moonOf(9n, 100n))).toBeNull();
    expect(mine.want(9n, seed)).toBe(true);
    expect(mine.moonRevisions()).toEqual([{ type: 127, id: 9n, timestamp: 0n }]);
    expect(mine.offer(root.identity.address, moonOf(9n, 100n))).toBeNull();
    expect(mine.offer(seed, moonOf(9n, 100n))?.name).toBe('moons.d/0000000000000009.moon');
    expect(mine.isUpstream(seed)).toBe(true);
    expect(mine.moonRevisions()).toEqual([{ type: 127, id: 9n, timestamp: 100n }]);
  });

  it('is replaced by a newer one, told to who has an older one, and given up', () => {
    const mine = topology(self, [moonOf(9n, 100n)]);
    expect(mine.offer(root.identity.address, moonOf(9n, 200n))).not.toBeNull();
    const held = { type: 127, id: 9n, timestamp: 100n };
    expect(mine.newerThan({ id: 77n, timestamp: 1_000n }, [held])).toMatchObject([{ id: 9n }]);
    expect(mine.newerThan({ id: 77n, timestamp: 999n }, [])).toMatchObject([{ id: 77n }]);
    expect(mine.newerThan({ id: 78n, timestamp: 999n }, null)).toEqual([]);
    expect(mine.removeMoon(9n)).toBe(true);
    expect(mine.upstreams).toEqual([root.identity.address]);
  });

  it('finds no room beyond the maximum', () => {
    const mine = topology();
    for (let id = 1n; id <= 4n; id++) expect(mine.want(id, second.identity.address)).toBe(true);
    expect(mine.want(5n, second.identity.address)).toBe(false);
    for (let id = 11n; id <= 14n; id++) expect(mine.addMoon(moonOf(id, 1n))).not.toBeNull();
    expect(mine.addMoon(moonOf(15n, 1n))).toBeNull();
  });
});
