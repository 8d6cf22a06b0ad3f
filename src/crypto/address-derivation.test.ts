/** Which addresses are valid, and how identities are found. */
import { describe, expect, it } from 'vitest';

import { testIdentity, testIdentityCount } from '../../test/vectors/identities.ts';
import { hex, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { parseAddress, type Address } from '../base/ids.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { formatSecretIdentity, ownsIdentity } from '../wire/identity.ts';
import { brokenIdentityRule, generateIdentity, isReservedAddress } from './address-derivation.ts';

interface Vector {
  readonly public_key: string;
  readonly hashcash_ok: boolean;
  readonly address: string;
}

const vectors = loadVectors<Vector[]>('address-derivation.json');
const provider = nodeProvider();

/** The entropy that tools/make-identities.ts makes an identity from. */
function entropyOf(index: number): Uint8Array {
  return provider.sha512(new TextEncoder().encode(`overspan test identity ${index}`));
}

describe('an address', () => {
  it('is valid for its public key where the proof of work is right', () => {
    expect(vectors.filter(({ hashcash_ok }) => !hashcash_ok).length).toBe(2);
    for (const { public_key, hashcash_ok, address } of vectors)
      expect(brokenIdentityRule(provider, parseAddress(address)!, hex(public_key)), address).toBe(
        hashcash_ok ? null : 'proof-of-work',
      );
  });

  it('is valid for no other public key, and no other address for the key', () => {
    const { public_key, address } = vectors[0]!;
    const right = parseAddress(address)!;
    expect(brokenIdentityRule(provider, (right + 1) as Address, hex(public_key))).toBe(
      'wrong-address',
    );
    expect(brokenIdentityRule(provider, right, hex(vectors[1]!.public_key))).toBe('wrong-address');
  });

  it('is never reserved, which is asked before anything is hashed', () => {
    const noKey = new Uint8Array(0);
    for (const text of ['0000000000', 'ff00000000', 'ffffffffff'])
      expect(brokenIdentityRule(provider, parseAddress(text)!, noKey)).toBe('reserved-address');
    for (const text of ['0000000001', 'feffffffff', '00ff000000'])
      expect(isReservedAddress(parseAddress(text)!)).toBe(false);
  });
});

describe('making an identity', () => {
  it('gives the same one for the same entropy, valid and with keys that belong together', () => {
    // Number 0 takes four attempts.
    const entropy = entropyOf(0);
    const made = generateIdentity(provider, entropy);
    expect(formatSecretIdentity(made).reveal()).toBe(
      formatSecretIdentity(testIdentity(0)).reveal(),
    );
    expect(ownsIdentity(provider, made)).toBe(true);
    expect(entropy).toEqual(entropyOf(0));
  });

  it('changes the secret key only where clamping does not', () => {
    const from = entropyOf(0);
    const to = testIdentity(0).secretKey.reveal();
    const difference = from.map((byte, i) => byte ^ to[i]!);
    expect(difference.slice(8, 24).some((byte) => byte !== 0)).toBe(true);
    expect(toHex(difference.fill(0, 8, 24))).toBe('00'.repeat(64));
  });

  it('takes 64 bytes', () => {
    expect(() => generateIdentity(provider, new Uint8Array(32))).toThrow('64 random bytes');
  });
});

describe('the test identities', () => {
  it('are a thousand with different addresses and keys that belong together', () => {
    expect(testIdentityCount).toBe(1000);
    const identities = Array.from({ length: testIdentityCount }, (_, i) => testIdentity(i));
    expect(new Set(identities.map(({ identity }) => identity.address)).size).toBe(1000);
    // Deriving a key costs half a millisecond: of every tenth.
    for (let i = 0; i < 1000; i += 10) expect(ownsIdentity(provider, identities[i]!)).toBe(true);
  });

  it('are valid', () => {
    for (const index of [0, 1, 499, 998, 999]) {
      const { address, publicKey } = testIdentity(index).identity;
      expect(brokenIdentityRule(provider, address, publicKey), String(index)).toBeNull();
    }
  });
});
