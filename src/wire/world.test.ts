import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../test/conformance/codec.ts';
import { hex, loadBytes, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { formatU64, type Address } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { decode, encode, isDrop } from './codec.ts';
import { formatIdentity } from './identity.ts';
import { formatInetAddress, nilInetAddress, parseInetAddress } from './inet-address.ts';
import {
  shouldReplace,
  signedMessage,
  signWorld,
  verifyWorld,
  world,
  worldLength,
  type World,
} from './world.ts';

interface WorldVector {
  readonly type: number;
  readonly id: number;
  readonly timestamp: number;
  readonly updates_must_be_signed_by: string;
  readonly signature: string;
  readonly roots: readonly { identity: string; stable_endpoints: readonly string[] }[];
  readonly binary: string;
  readonly signed_message: string;
  readonly verifies_with_own_update_key: boolean;
}
interface UpdateVector {
  readonly base: string;
  readonly base_binary: string;
  readonly update: string;
  readonly update_binary: string;
  readonly should_be_replaced: boolean;
  readonly why: string;
}
const vectors = loadVectors<{
  default_planet: WorldVector;
  custom_planet: WorldVector;
  moon: WorldVector;
  updates: readonly UpdateVector[];
  custom_planet_keys: Record<`key${1 | 2}_${'public' | 'private'}`, string>;
}>('worlds.json');
const worlds = [vectors.default_planet, vectors.custom_planet, vectors.moon];
const provider = nodeProvider();

const parse = (text: string): World => {
  const decoded = decode(world, hex(text));
  if (isDrop(decoded)) throw new Error(decoded);
  return decoded;
};

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const root = fc.record({
  identity: fc.record({
    address: fc.integer({ min: 1, max: 0xfe_ffff_ffff }).map((n) => n as Address),
    publicKey: bytes(64),
  }),
  endpoints: fc.array(
    fc.constantFrom(
      nilInetAddress,
      ...['10.9.0.1/9993', 'fd00:9::2/9993'].map((t) => parseInetAddress(t)!),
    ),
    { maxLength: 32 },
  ),
});
const arbitrary: fc.Arbitrary<World> = fc
  .record({
    kind: fc.constantFrom('null', 'planet', 'moon'),
    id: u64,
    timestamp: u64,
    updateKey: bytes(64),
    signature: bytes(96),
    roots: fc.array(root, { maxLength: 4 }),
    trailing: fc.uint8Array({ maxLength: 20 }),
  })
  .map((value) => (value.kind === 'moon' ? value : { ...value, trailing: new Uint8Array(0) }));

describeCodec(world, {
  samples: [
    { name: 'moon', bytes: hex(vectors.moon.binary) },
    { name: 'planet of the capture', bytes: loadBytes('captures/planet') },
    { name: 'null world', bytes: hex(vectors.updates[0]!.base_binary) },
  ],
  arbitrary,
  runs: 100,
});

describe('a world', () => {
  it('of the reference decodes to what the reference says is in it', () => {
    for (const vector of worlds) {
      const value = parse(vector.binary);
      expect(value.kind).toBe(vector.type === 127 ? 'moon' : 'planet');
      expect(value.id).toBe(BigInt(vector.id));
      expect(value.timestamp).toBe(BigInt(vector.timestamp));
      expect(toHex(value.updateKey)).toBe(vector.updates_must_be_signed_by);
      expect(toHex(value.signature)).toBe(vector.signature);
      expect(
        value.roots.map((r) => ({
          identity: formatIdentity(r.identity),
          stable_endpoints: r.endpoints.map(formatInetAddress),
        })),
      ).toEqual(
        vector.roots.map(({ identity, stable_endpoints }) => ({ identity, stable_endpoints })),
      );
      expect(value.trailing).toHaveLength(0);
      expect(toHex(encode(world, value))).toBe(vector.binary);
    }
  });

  it('is signed over everything but the signature, between two markers', () => {
    for (const vector of worlds) {
      const value = parse(vector.binary);
      expect(toHex(signedMessage(value))).toBe(vector.signed_message);
      expect(verifyWorld(provider, value.updateKey, value)).toBe(
        vector.verifies_with_own_update_key,
      );
    }
  });

  it('signed by us has the signature of the reference', () => {
    const secretKey = new Secret(hex(vectors.custom_planet_keys.key1_private));
    for (const vector of [vectors.custom_planet, vectors.moon]) {
      const unsigned = { ...parse(vector.binary), signature: new Uint8Array(96) };
      expect(toHex(signWorld(provider, secretKey, unsigned).signature)).toBe(vector.signature);
    }
  });

  it('has a wrong signature when any part of it is changed', () => {
    const value = parse(vectors.moon.binary);
    const [first, second] = value.roots;
    const changes: Partial<World>[] = [
      { kind: 'planet' },
      { id: value.id + 1n },
      { timestamp: value.timestamp + 1n },
      { updateKey: new Uint8Array(64) },
      { signature: new Uint8Array(96) },
      { signature: new Uint8Array(0) },
      { roots: [second!, first!] },
      { roots: [first!] },
      { roots: [first!, { ...second!, endpoints: [] }] },
      { trailing: new Uint8Array(1) },
    ];
    for (const change of changes)
      expect(verifyWorld(provider, value.updateKey, { ...value, ...change })).toBe(false);
    expect(verifyWorld(provider, hex(vectors.custom_planet_keys.key2_public), value)).toBe(false);
  });

  it('knows its length before it is written', () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(worldLength(value)).toBe(encode(world, value).length);
      }),
      { numRuns: 50 },
    );
  });

  it('is told in a line and an object', () => {
    const value = parse(vectors.moon.binary);
    expect(world.describe(value)).toBe(
      'moon 00000075a7e56dfd revision 1700000000000, roots 75a7e56dfd 5bb8ea2011',
    );
    expect(world.toJson(value)).toMatchObject({
      kind: 'moon',
      id: formatU64(value.id),
      roots: [{ endpoints: ['10.9.0.1/9993'] }, { endpoints: ['10.9.0.2/9993', 'fd00:9::2/9993'] }],
    });
  });
});

describe('an update of a world', () => {
  it.each(vectors.updates)('$update on $base: $should_be_replaced ($why)', (row) => {
    const [base, update] = [parse(row.base_binary), parse(row.update_binary)];
    expect(shouldReplace(provider, base, update)).toBe(row.should_be_replaced);
  });

  it('takes the place of no world', () => {
    expect(shouldReplace(provider, null, parse(vectors.moon.binary))).toBe(true);
  });

  it('does not take the place of a world of another kind', () => {
    const secretKey = new Secret(hex(vectors.custom_planet_keys.key1_private));
    const current = parse(vectors.custom_planet.binary);
    const newer = { ...current, timestamp: current.timestamp + 1n };
    expect(shouldReplace(provider, current, signWorld(provider, secretKey, newer))).toBe(true);
    const moon = signWorld(provider, secretKey, { ...newer, kind: 'moon' });
    expect(shouldReplace(provider, current, moon)).toBe(false);
  });
});

describe('the limits of a world', () => {
  const planet = hex(vectors.custom_planet.binary);
  const at = (offset: number, value: number): Uint8Array => {
    const changed = planet.slice();
    changed[offset] = value;
    return changed;
  };

  it('are 4 roots and 32 endpoints each, and three types', () => {
    expect(decode(world, at(177, 5))).toBe('bad-world');
    expect(decode(world, at(177, 255))).toBe('bad-world');
    expect(decode(world, at(178 + 71, 33))).toBe('bad-world');
    expect(decode(world, at(0, 2))).toBe('bad-world');
    expect(decode(world, at(0, 126))).toBe('bad-world');
  });

  it('are met, not passed', () => {
    const value = parse(vectors.custom_planet.binary);
    const endpoints = Array.from({ length: 32 }, () => parseInetAddress('10.0.0.1/9993')!);
    const roots = Array.from({ length: 4 }, () => ({ ...value.roots[0]!, endpoints }));
    const bytesOfFull = encode(world, { ...value, roots });
    expect(decode(world, bytesOfFull)).toEqual({ ...value, roots });
    expect(() => encode(world, { ...value, roots: [...roots, roots[0]!] })).toThrow('invariant');
  });

  it('name what is wrong inside', () => {
    expect(decode(world, at(178 + 5, 1))).toBe('unknown-identity-type');
    expect(decode(world, at(178 + 72, 9))).toBe('bad-address-family');
    expect(decode(world, planet.subarray(0, 300))).toBe('truncated');
    expect(decode(world, new Uint8Array([...planet, 0]))).toBe('trailing-bytes');
    // A moon needs its last length.
    expect(decode(world, at(0, 127))).toBe('truncated');
  });
});
