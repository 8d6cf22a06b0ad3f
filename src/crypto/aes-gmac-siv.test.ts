import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sivDecrypt, sivEncrypt } from '../../test/twins/aes-gmac-siv.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { toHex } from '../base/bytes.ts';
import { AesGmacSiv } from './aes-gmac-siv.ts';

const provider = nodeProvider();
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const input = fc.record({
  k0: bytesOf(32),
  k1: bytesOf(32),
  iv: bytesOf(8),
  aad: fc.uint8Array({ maxLength: 40 }),
  text: fc.uint8Array({ maxLength: 400 }),
});

describe('AES-GMAC-SIV', () => {
  it('seals as its slow twin does, which opens it', () => {
    fc.assert(
      fc.property(input, ({ k0, k1, iv, aad, text }) => {
        const siv = new AesGmacSiv(provider.aesKeys(k0, k1));
        const tag = new Uint8Array(16);
        const bytes = text.slice();
        siv.seal(iv, aad, bytes, 0, bytes.length, tag);
        siv.close();
        const expected = sivEncrypt(k0, k1, iv, aad, text);
        expect(toHex(tag)).toBe(toHex(expected.tag));
        expect(toHex(bytes)).toBe(toHex(expected.cipherText));
        expect(sivDecrypt(k0, k1, tag, aad, bytes)?.plainText).toEqual(text);
      }),
      { numRuns: 100 },
    );
  });

  it('opens what its slow twin sealed, among other bytes that stay', () => {
    fc.assert(
      fc.property(input, fc.nat(40), ({ k0, k1, iv, aad, text }, before) => {
        const siv = new AesGmacSiv(provider.aesKeys(k0, k1));
        const { tag, cipherText } = sivEncrypt(k0, k1, iv, aad, text);
        const bytes = new Uint8Array(before + text.length + 5).fill(0xc3);
        bytes.set(cipherText, before);
        const opened = new Uint8Array(8);
        expect(siv.open(tag, aad, bytes, before, before + text.length, opened)).toBe(true);
        siv.close();
        const expected = new Uint8Array(bytes.length).fill(0xc3);
        expected.set(text, before);
        expect(toHex(bytes)).toBe(toHex(expected));
        expect(opened).toEqual(iv);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses every changed bit of tag, additional data and cipher text', () => {
    const siv = new AesGmacSiv(provider.aesKeys(new Uint8Array(32).fill(1), new Uint8Array(32)));
    const [tag, iv, aad] = [new Uint8Array(16), new Uint8Array(8), new Uint8Array(11)];
    const sealed = new Uint8Array(20).fill(0x42);
    siv.seal(iv, aad, sealed, 0, sealed.length, tag);
    for (const target of [tag, aad, sealed])
      for (let bit = 0; bit < 8 * target.length; bit++) {
        target[bit >> 3]! ^= 1 << (bit & 7);
        expect(siv.open(tag, aad, sealed.slice(), 0, sealed.length, iv)).toBe(false);
        target[bit >> 3]! ^= 1 << (bit & 7);
      }
    expect(siv.open(tag, aad, sealed.slice(), 0, sealed.length, iv)).toBe(true);
    siv.close();
  });

  it('pads additional data with zeros, also after longer data', () => {
    const siv = new AesGmacSiv(provider.aesKeys(new Uint8Array(32), new Uint8Array(32)));
    const tagOf = (aad: Uint8Array): string => {
      const tag = new Uint8Array(16);
      siv.seal(new Uint8Array(8), aad, new Uint8Array(3), 0, 3, tag);
      return toHex(tag);
    };
    const short = Uint8Array.of(1, 2, 3);
    const expected = tagOf(short);
    tagOf(new Uint8Array(16).fill(0xff));
    expect(tagOf(short)).toBe(expected);
    tagOf(new Uint8Array(33).fill(0xff));
    expect(tagOf(short)).toBe(expected);
  });
});
