import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { toHex } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, isDrop } from '../codec.ts';
import { parseIdentity, parseSecretIdentity, type Identity } from '../identity.ts';
import { world, type World } from '../world.ts';
import { IdentityBook, keyPairsMax, knownIdentitiesMax } from './identity-book.ts';
import { WorldBook } from './world-book.ts';

const provider = nodeProvider();

const agreements = loadVectors<
  readonly {
    readonly a_secret: string;
    readonly b_public: string;
    readonly shared32_salsa_key: string;
  }[]
>('key-agreement.json');

describe('an identity book', () => {
  const { a_secret, b_public, shared32_salsa_key: key } = agreements[0]!;
  const secret = parseSecretIdentity(a_secret)!;
  const other = parseIdentity(b_public)!;
  const mine = secret.identity.address;

  it('makes the keys of a pair from one secret, in both directions, once', () => {
    const book = new IdentityBook(provider);
    expect(book.keys(mine, other.address)).toBe('no-secret');
    book.addSecret(secret);
    expect(book.keys(mine, other.address)).toBe('no-identity');
    book.learn(other, 'claimed');
    const keys = book.keys(mine, other.address);
    if (typeof keys === 'string') throw new Error(keys);
    expect(toHex(keys.salsaKey)).toBe(key);
    expect(book.keys(other.address, mine)).toBe(keys);
    book.close();
  });

  it('believes a claim until there is better', () => {
    const book = new IdentityBook(provider);
    book.addSecret(secret);
    const forged: Identity = {
      ...other,
      publicKey: parseSecretIdentity(agreements[1]!.a_secret)!.identity.publicKey,
    };
    book.learn(forged, 'claimed');
    expect(book.certainty(other.address)).toBe('claimed');
    const wrong = book.keys(mine, other.address);
    book.learn(other, 'claimed');
    expect(book.identity(other.address)).toEqual(forged);
    book.learn(other, 'trusted');
    book.learn(forged, 'trusted');
    expect(book.identity(other.address)).toEqual(other);
    const right = book.keys(mine, other.address);
    if (typeof right === 'string' || typeof wrong === 'string') throw new Error('no keys');
    expect(toHex(right.salsaKey)).toBe(key);
    // Keys of a forged HELLO are made for that packet.
    const claimed = book.keys(other.address, mine, forged);
    expect(claimed).not.toBe(right);
  });

  it('refuses a key of low order', () => {
    const book = new IdentityBook(provider);
    book.addSecret(secret);
    book.learn({ address: 7 as Address, publicKey: new Uint8Array(64) }, 'trusted');
    expect(book.keys(mine, 7 as Address)).toBe('bad-key');
  });

  it('keeps no more than its limits', () => {
    const book = new IdentityBook(provider);
    const { publicKey } = other;
    for (let i = 1; i <= knownIdentitiesMax + 1; i++)
      book.learn({ address: i as Address, publicKey }, 'claimed');
    expect(book.identity(1 as Address)).toBeNull();
    expect(book.identity(2 as Address)).not.toBeNull();
    book.addSecret(secret);
    const first = book.keys(mine, 2 as Address);
    for (let i = 3; i < keyPairsMax + 3; i++) book.keys(mine, i as Address);
    expect(book.keys(mine, 2 as Address)).not.toBe(first);
    book.close();
  });
});

describe('a world book', () => {
  interface Update {
    readonly base_binary: string;
    readonly update_binary: string;
    readonly should_be_replaced: boolean;
    readonly why: string;
  }
  const { updates } = loadVectors<{ updates: readonly Update[] }>('worlds.json');
  const read = (text: string): World => {
    const value = decode(world, hex(text));
    if (isDrop(value)) throw new Error(value);
    return value;
  };

  it('holds an update against the key of the revision before it', () => {
    for (const { base_binary, update_binary, should_be_replaced, why } of updates) {
      const base = read(base_binary);
      const update = read(update_binary);
      if (update.timestamp <= base.timestamp || update.id !== base.id) continue;
      const book = new WorldBook(provider);
      book.add(base);
      expect(book.verdict(update), why).toBe(should_be_replaced ? 'good' : 'bad');
      // A wrong one is not remembered: what follows is not held against it.
      book.add(update);
      expect(book.verdict(update), why).toBe(should_be_replaced ? 'good' : 'bad');
    }
  });

  it('cannot say more of a first revision than that it is signed by its own key', () => {
    const { update_binary } = updates[0]!;
    const book = new WorldBook(provider);
    expect(book.verdict(read(update_binary))).toBe('good');
    const spoilt = hex(update_binary);
    spoilt[90]! ^= 1;
    expect(book.verdict(read(toHex(spoilt)))).toBe('unknown');
  });
});
