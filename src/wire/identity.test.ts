/** Identities as bytes and text. */
import { inspect } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../test/conformance/codec.ts';
import { hex, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { formatAddress, type Address } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { decode, encode } from './codec.ts';
import {
  formatIdentity,
  formatSecretIdentity,
  identity,
  identityFingerprint,
  identityLength,
  isValidIdentity,
  ownsIdentity,
  parseIdentity,
  parseSecretIdentity,
  sameIdentity,
  secretIdentity,
  secretIdentityLength,
  type Identity,
  type SecretIdentity,
} from './identity.ts';

interface Vectors {
  readonly valid: readonly {
    readonly address: string;
    readonly public: string;
    readonly secret: string;
    readonly x25519_public: string;
    readonly ed25519_public: string;
    readonly x25519_private: string;
    readonly ed25519_seed: string;
    readonly binary_public: string;
    readonly binary_secret: string;
    readonly public_key_hash_sha384: string;
  }[];
  readonly invalid: readonly {
    readonly identity: string;
    readonly parses: boolean;
    readonly locallyValidate: boolean;
    readonly reason: string;
  }[];
}

const { valid, invalid } = loadVectors<Vectors>('identities.json');
const provider = nodeProvider();
const first = valid[0]!;

const identities: fc.Arbitrary<Identity> = fc.record({
  address: fc.integer({ min: 1, max: 0xfeff_ffff_ff }).map((address) => address as Address),
  publicKey: fc.uint8Array({ minLength: 64, maxLength: 64 }),
});
const secretIdentities: fc.Arbitrary<SecretIdentity> = fc.record({
  identity: identities,
  secretKey: fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => new Secret(bytes)),
});

describeCodec(identity, {
  samples: valid.map(({ address, binary_public }) => ({
    name: address,
    bytes: hex(binary_public),
  })),
  arbitrary: identities,
});

describeCodec(secretIdentity, {
  samples: valid
    .slice(0, 3)
    .map(({ address, binary_secret }) => ({ name: address, bytes: hex(binary_secret) })),
  arbitrary: secretIdentities,
});

describe('an identity in bytes', () => {
  it('holds what the vectors say', () => {
    expect(valid.length).toBe(10);
    for (const vector of valid) {
      const read = decode(secretIdentity, hex(vector.binary_secret)) as SecretIdentity;
      expect(formatAddress(read.identity.address)).toBe(vector.address);
      expect(toHex(read.identity.publicKey)).toBe(vector.x25519_public + vector.ed25519_public);
      expect(toHex(read.secretKey.reveal())).toBe(vector.x25519_private + vector.ed25519_seed);
    }
    expect([identityLength, secretIdentityLength]).toEqual([
      first.binary_public.length / 2,
      first.binary_secret.length / 2,
    ]);
  });

  it('is dropped where its type, its address or the length of its secret key is not allowed', () => {
    const spoilt = (at: number, value: number): Uint8Array => {
      const bytes = hex(first.binary_public);
      bytes[at] = value;
      return bytes;
    };
    expect(decode(identity, spoilt(5, 1))).toBe('unknown-identity-type');
    expect(decode(identity, spoilt(0, 0xff))).toBe('bad-identity');
    expect(decode(identity, hex(first.binary_public).fill(0, 0, 5))).toBe('bad-identity');
    for (const length of [1, 63, 64, 65, 255])
      expect(decode(identity, spoilt(70, length)), String(length)).toBe('bad-identity');
    expect(decode(identity, hex(first.binary_secret))).toBe('bad-identity');
    expect(decode(secretIdentity, hex(first.binary_public))).toBe('bad-identity');
    expect(decode(identity, hex(first.binary_public).subarray(0, 70))).toBe('truncated');
  });

  it('is a view of a packet, but what has a secret is a copy', () => {
    const packet = hex(first.binary_public);
    expect((decode(identity, packet) as Identity).publicKey.buffer).toBe(packet.buffer);
    const file = hex(first.binary_secret);
    const read = decode(secretIdentity, file) as SecretIdentity;
    file.fill(0);
    expect(encode(secretIdentity, read)).toEqual(hex(first.binary_secret));
  });
});

describe('an identity in text', () => {
  it('is read and written as in the vectors', () => {
    for (const { public: text, secret, binary_public } of valid) {
      expect(formatIdentity(parseIdentity(text)!)).toBe(text);
      expect(encode(identity, parseIdentity(text)!)).toEqual(hex(binary_public));
      expect(formatSecretIdentity(parseSecretIdentity(secret)!).reveal()).toBe(secret);
      expect(sameIdentity(parseIdentity(secret)!, parseIdentity(text)!)).toBe(true);
      expect(parseSecretIdentity(text)).toBeNull();
    }
  });

  it('is read, or not, like the vectors that are invalid', () => {
    expect(invalid.length).toBe(11);
    for (const { identity: text, parses, reason } of invalid)
      expect(parseIdentity(text) !== null, reason).toBe(parses);
  });

  it('may be in upper case, have empty fields, and go on after the digits of a key', () => {
    for (const text of [
      first.public.toUpperCase(),
      `${first.public}\n`,
      `${first.public}:`,
      `:${first.public.replace(':0:', '::0::')}`,
      `${first.public}00`,
      `${first.secret}\r\n`,
    ])
      expect(formatIdentity(parseIdentity(text)!), text).toBe(first.public);
  });

  it('is nothing else', () => {
    const [address, , key] = first.public.split(':') as [string, string, string];
    for (const text of [
      '',
      ':::',
      address,
      first.public.slice(1),
      ` ${first.public}`,
      first.public.replace(':0:', ':00:'),
      first.public.replace(':0:', ': 0:'),
      // The reference takes these for zeros.
      `${address}:0:${key.replace(/^../, 'zz')}`,
      `${address}:0:${key.replace(/..$/, '\n\n')}`,
      `${first.public}:${'g'.repeat(128)}`,
      // Not below 384 characters.
      first.public + 'a'.repeat(384 - first.public.length),
    ])
      expect(parseIdentity(text), text).toBeNull();
    expect(parseIdentity(first.public + 'a'.repeat(383 - first.public.length))).not.toBeNull();
  });

  it('is read back as it was written, and any text at all gives an identity or null', () => {
    fc.assert(
      fc.property(secretIdentities, (value) => {
        const text = formatSecretIdentity(value).reveal();
        expect(text.length).toBe(270);
        const read = parseSecretIdentity(text)!;
        expect(encode(secretIdentity, read)).toEqual(encode(secretIdentity, value));
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(parseIdentity(text)).toBeNull();
      }),
    );
  });
});

describe('an identity', () => {
  it('is valid, or not, like those of the vectors', () => {
    // One of each kind: a hash takes tens of milliseconds, and all keys are in the test of the hash.
    expect(isValidIdentity(provider, parseIdentity(first.public)!)).toBe(true);
    for (const { identity: text, parses, locallyValidate, reason } of invalid)
      if (parses)
        expect(isValidIdentity(provider, parseIdentity(text)!), reason).toBe(locallyValidate);
  });

  it('has the fingerprint of the vectors', () => {
    for (const { public: text, public_key_hash_sha384 } of valid)
      expect(toHex(identityFingerprint(provider, parseIdentity(text)!))).toBe(
        public_key_hash_sha384,
      );
  });

  it('is the same as another with its address and its key alone', () => {
    const [a, b] = [parseIdentity(first.public)!, parseIdentity(valid[1]!.public)!];
    expect(sameIdentity(a, { ...a })).toBe(true);
    expect(sameIdentity(a, { ...a, address: b.address })).toBe(false);
    expect(sameIdentity(a, { ...a, publicKey: b.publicKey })).toBe(false);
  });

  it('is owned by whoever has both of its secret keys', () => {
    const mine = parseSecretIdentity(first.secret)!;
    expect(ownsIdentity(provider, mine)).toBe(true);
    for (const at of [10, 42]) {
      const bytes = mine.secretKey.reveal().slice();
      bytes[at]! ^= 1;
      expect(ownsIdentity(provider, { ...mine, secretKey: new Secret(bytes) })).toBe(false);
    }
  });

  it('never shows its secret key', () => {
    const mine = parseSecretIdentity(first.secret)!;
    const text = formatSecretIdentity(mine);
    const half = first.x25519_private.slice(0, 16);
    const shown = [
      inspect(mine, { depth: null, showHidden: true }),
      JSON.stringify(mine),
      String(mine.secretKey),
      inspect(text, { showHidden: true }),
      JSON.stringify({ text }),
      String(text),
      secretIdentity.describe(mine),
      JSON.stringify(secretIdentity.toJson(mine)),
    ];
    const firstBytes = [...hex(first.x25519_private).subarray(0, 4)];
    for (const one of shown) {
      expect(one).not.toContain(half);
      expect(one).not.toMatch(new RegExp(firstBytes.join(',\\s*')));
    }
    expect(shown[0]).toContain('[redacted]');
  });
});
