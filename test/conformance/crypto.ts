/**
 * What every cryptographic provider must do, as a suite: the published answers, the vectors of the protocol, the same
 * results as an independent library on random input, and good behaviour with buffers that are not its own.
 */
import { ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha384, sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '../../src/base/bytes.ts';
import type { AesKeys, CryptoProvider } from '../../src/crypto/provider.ts';
import { firstWrongAnswer } from '../../src/io/crypto/known-answers.ts';
import { hex } from '../vectors/load.ts';
import { flipped, pattern } from './crypto-bytes.ts';
import { protocolVectors, publishedEdges } from './crypto-answers.ts';

/** Lengths around the edges of blocks and of the packets that exist. */
const edgeLengths = [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 511, 1372];
const lengths: readonly number[] = [...edgeLengths, 1405, 1433, 2816, 2900, 10_024];

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const key32 = bytesOf(32);

/** A range of random bytes that begins anywhere in a longer buffer. */
const ranges = fc
  .record({
    before: fc.nat(80),
    after: fc.nat(20),
    length: fc.oneof(fc.constantFrom(...lengths), fc.nat(2900)),
    seed: fc.nat(),
  })
  .map(({ before, after, length, seed }) => ({
    bytes: pattern(before + length + after, seed),
    start: before,
    end: before + length,
  }));

/** Declares the tests of one provider. @param make - a new provider */
export function cryptoConformance(make: () => CryptoProvider): void {
  const provider = make();
  const opened: AesKeys[] = [];
  const aesKeys = (gmacKey: Uint8Array, ctrKey: Uint8Array): AesKeys => {
    const keys = provider.aesKeys(gmacKey, ctrKey);
    opened.push(keys);
    return keys;
  };
  afterEach(() => {
    for (const keys of opened.splice(0)) keys.close();
  });

  it('gives the published answers', () => {
    expect(firstWrongAnswer(provider)).toBeNull();
  });

  publishedEdges(provider);
  protocolVectors(provider);

  describe('beside an independent library', () => {
    it('hashes alike', () => {
      for (const length of lengths) {
        const message = pattern(length, length);
        expect(toHex(provider.sha512(message))).toBe(toHex(sha512(message)));
        expect(toHex(provider.sha384(message))).toBe(toHex(sha384(message)));
      }
      for (const length of [0, 1, 48, 64, 128, 129, 300]) {
        const [key, message] = [pattern(length, 1), pattern(2 * length, 2)];
        expect(toHex(provider.hmacSha384(key, message))).toBe(toHex(hmac(sha384, key, message)));
      }
    });

    it('agrees alike, with any 32 bytes as keys', () => {
      const property = fc.property(key32, key32, (privateKey, publicKey) => {
        const shared = provider.x25519(privateKey, publicKey);
        expect(toHex(shared!)).toBe(toHex(x25519.getSharedSecret(privateKey, publicKey)));
        expect(toHex(provider.x25519PublicKey(privateKey))).toBe(
          toHex(x25519.getPublicKey(privateKey)),
        );
      });
      fc.assert(property, { numRuns: 25 });
    });

    it('signs alike and believes its signatures', () => {
      const property = fc.property(key32, fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        const publicKey = provider.ed25519PublicKey(seed);
        const signature = provider.ed25519Sign(seed, message);
        expect(toHex(publicKey)).toBe(toHex(ed25519.getPublicKey(seed)));
        expect(toHex(signature)).toBe(toHex(ed25519.sign(message, seed)));
        expect(provider.ed25519Verify(publicKey, message, signature)).toBe(true);
      });
      fc.assert(property, { numRuns: 25 });
    });

    it('authenticates alike with Poly1305, and changes nothing but the tag', () => {
      const property = fc.property(key32, ranges, (key, { bytes, start, end }) => {
        const [before, tag] = [bytes.slice(), new Uint8Array(16)];
        provider.poly1305(key, bytes, start, end, tag);
        expect(toHex(tag)).toBe(toHex(poly1305(bytes.subarray(start, end), key)));
        expect(bytes).toEqual(before);
      });
      fc.assert(property, { numRuns: 150 });
    });

    it('authenticates alike with GMAC, and changes nothing but the tag', () => {
      const aads = fc.oneof(fc.constant(new Uint8Array(16)), fc.uint8Array({ maxLength: 300 }));
      const keys = aesKeys(pattern(32, 1), pattern(32, 2));
      const property = fc.property(bytesOf(12), aads, ranges, (nonce, aad, given) => {
        const { bytes, start, end } = given;
        const [before, tag] = [bytes.slice(), new Uint8Array(16)];
        keys.gmac(nonce, aad, bytes, start, end, tag);
        const data = concatBytes(aad, bytes.subarray(start, end));
        const expected = gcm(pattern(32, 1), nonce, data).encrypt(new Uint8Array(0));
        expect(toHex(tag)).toBe(toHex(expected));
        expect(bytes).toEqual(before);
      });
      fc.assert(property, { numRuns: 100 });
    });

    it('encrypts alike with CTR, in its range alone', () => {
      const keys = aesKeys(pattern(32, 1), pattern(32, 2));
      const property = fc.property(bytesOf(16), ranges, (counter, { bytes, start, end }) => {
        const expected = bytes.slice();
        if (start < end)
          expected.set(ctr(pattern(32, 2), counter).encrypt(bytes.slice(start, end)), start);
        const given = counter.slice();
        keys.ctr(given, bytes, start, end);
        expect(toHex(bytes)).toBe(toHex(expected));
        expect(given).toEqual(counter);
      });
      fc.assert(property, { numRuns: 100 });
    });

    it('carries through all 128 bits of the counter', () => {
      const keys = aesKeys(pattern(32, 1), pattern(32, 2));
      const counter = new Uint8Array(16).fill(0xff);
      const bytes = new Uint8Array(48);
      keys.ctr(counter, bytes, 0, 48);
      expect(toHex(bytes)).toBe(toHex(ctr(pattern(32, 2), counter).encrypt(new Uint8Array(48))));
    });

    it('encrypts blocks alike, and back', () => {
      const property = fc.property(key32, bytesOf(16), (key, block) => {
        const keys = aesKeys(pattern(32, 1), key);
        const bytes = block.slice();
        keys.encryptBlock(bytes);
        expect(toHex(bytes)).toBe(toHex(ecb(key, { disablePadding: true }).encrypt(block)));
        keys.decryptBlock(bytes);
        expect(bytes).toEqual(block);
      });
      fc.assert(property, { numRuns: 30 });
    });
  });

  describe('with what comes from the network', () => {
    it('refuses points of low order without throwing', () => {
      for (const point of lowOrderPoints)
        expect(provider.x25519(pattern(32, 3), hex(point)), point).toBeNull();
      // A refusal leaves nothing behind.
      expect(firstWrongAnswer(provider)).toBeNull();
    });

    it('refuses signatures, keys and messages with any bit flipped', () => {
      const seed = pattern(32, 4);
      const message = pattern(32, 5);
      const good = [provider.ed25519PublicKey(seed), message, provider.ed25519Sign(seed, message)];
      good.forEach((part, which) => {
        for (let bit = 0; bit < 8 * part.length; bit += 5) {
          const [publicKey, text, signature] = good.map((bytes, i) =>
            i === which ? flipped(bytes, bit) : bytes,
          ) as [Uint8Array, Uint8Array, Uint8Array];
          expect(provider.ed25519Verify(publicKey, text, signature), `${which} ${bit}`).toBe(false);
        }
      });
    });

    it('refuses signatures and keys of any other length or content without throwing', () => {
      const publicKey = provider.ed25519PublicKey(pattern(32, 4));
      const signature = provider.ed25519Sign(pattern(32, 4), new Uint8Array(0));
      const verifies = (key: Uint8Array, given: Uint8Array): boolean =>
        provider.ed25519Verify(key, new Uint8Array(0), given);
      expect(verifies(publicKey, signature)).toBe(true);
      for (const length of [0, 1, 32, 63, 65, 96])
        expect(verifies(publicKey, pattern(length, 1))).toBe(false);
      for (const length of [0, 1, 31, 33, 64])
        expect(verifies(pattern(length, 1), signature)).toBe(false);
      for (const byte of [0x00, 0xff]) {
        expect(verifies(publicKey, new Uint8Array(64).fill(byte))).toBe(false);
        expect(verifies(new Uint8Array(32).fill(byte), signature)).toBe(false);
      }
      // S increased by the order of the group: the equation holds, RFC 8032 5.1.7 refuses it.
      expect(verifies(publicKey, withLargeS(signature))).toBe(false);
    });
  });

  describe('the AES keys of a peer', () => {
    it('carry nothing from one packet to the next', () => {
      const operations = fc.array(
        fc.record({ kind: fc.constantFrom('gmac', 'ctr', 'encrypt', 'decrypt'), range: ranges }),
        { maxLength: 8 },
      );
      const once = (keys: AesKeys, kind: string, given: Uint8Array, start: number, end: number) => {
        const bytes = given.slice();
        const block = pattern(16, end);
        if (kind === 'gmac') keys.gmac(pattern(12, end), block, bytes, start, end, block);
        else if (kind === 'ctr') keys.ctr(block, bytes, start, end);
        else if (kind === 'encrypt') keys.encryptBlock(block);
        else keys.decryptBlock(block);
        return toHex(block) + toHex(bytes);
      };
      const kept = aesKeys(pattern(32, 6), pattern(32, 7));
      const property = fc.property(operations, (list) => {
        for (const { kind, range } of list) {
          const fresh = provider.aesKeys(pattern(32, 6), pattern(32, 7));
          const { bytes, start, end } = range;
          const expected = once(fresh, kind, bytes, start, end);
          fresh.close();
          expect(once(kept, kind, bytes, start, end)).toBe(expected);
        }
      });
      fc.assert(property, { numRuns: 40 });
    });

    it('are independent of each other and of the bytes they were made from', () => {
      const [gmacKey, ctrKey] = [pattern(32, 8), pattern(32, 9)];
      const keys = aesKeys(gmacKey, ctrKey);
      const others = aesKeys(pattern(32, 10), pattern(32, 11));
      const tagOf = (of: AesKeys): string => {
        const bytes = pattern(100, 1);
        const tag = new Uint8Array(16);
        of.gmac(new Uint8Array(12), tag, bytes, 0, 100, tag);
        of.ctr(tag, bytes, 0, 100);
        return toHex(tag) + toHex(bytes);
      };
      const expected = tagOf(keys);
      gmacKey.fill(0);
      ctrKey.fill(0);
      expect(tagOf(others)).not.toBe(expected);
      others.close();
      expect(tagOf(keys)).toBe(expected);
    });

    it('are closed as often as one likes and refuse to be used afterwards', () => {
      const keys = provider.aesKeys(pattern(32, 1), pattern(32, 2));
      keys.close();
      keys.close();
      const bytes = new Uint8Array(32);
      const block = new Uint8Array(16);
      expect(() => {
        keys.gmac(new Uint8Array(12), block, bytes, 0, 32, block);
      }).toThrow('closed');
      expect(() => {
        keys.ctr(block, bytes, 0, 32);
      }).toThrow('closed');
      expect(() => {
        keys.encryptBlock(block);
      }).toThrow('closed');
      expect(() => {
        keys.decryptBlock(block);
      }).toThrow('closed');
    });

    it('refuse ranges outside the buffer', () => {
      const keys = aesKeys(pattern(32, 1), pattern(32, 2));
      const [bytes, block, nonce] = [new Uint8Array(32), new Uint8Array(16), new Uint8Array(12)];
      for (const [start, end] of [
        [0, 33],
        [-1, 4],
        [5, 4],
        [0, Number.NaN],
      ] as const) {
        expect(() => {
          keys.ctr(block, bytes, start, end);
        }).toThrow();
        expect(() => {
          keys.gmac(nonce, block, bytes, start, end, block);
        }).toThrow();
        expect(() => {
          provider.poly1305(bytes, bytes, start, end, block);
        }).toThrow();
      }
    });
  });

  it('gives new, plain bytes', () => {
    const seed = pattern(32, 1);
    const results = [
      provider.sha512(seed),
      provider.sha384(seed),
      provider.hmacSha384(seed, seed),
      provider.x25519PublicKey(seed),
      provider.x25519(seed, provider.x25519PublicKey(seed))!,
      provider.ed25519PublicKey(seed),
      provider.ed25519Sign(seed, seed),
    ];
    for (const result of results) {
      expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype);
      expect(result.buffer.byteLength).toBe(result.length);
    }
  });
}

/** Every point whose order divides 8, in each way to write it (https://cr.yp.to/ecdh.html#validate). */
const lowOrderPoints: readonly string[] = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  `${'00'.repeat(31)}80`,
  `01${'00'.repeat(30)}80`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7',
  `ec${'ff'.repeat(31)}`,
  `ed${'ff'.repeat(31)}`,
  `ee${'ff'.repeat(31)}`,
];

/** The signature with the order of the group added to its S. */
function withLargeS(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = signature.subarray(32).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  const larger = Uint8Array.from({ length: 32 }, (_, i) =>
    Number(((s + order) >> BigInt(8 * i)) & 0xffn),
  );
  return concatBytes(signature.subarray(0, 32), larger);
}
