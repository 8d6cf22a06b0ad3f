import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { salsa20Keystream } from '../../test/twins/salsa20.ts';
import { hex, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { Salsa20Stream, salsa20Xor, type Salsa20Rounds } from './salsa20.ts';

interface SalsaVector {
  readonly key: string;
  readonly iv: string;
  readonly salsa20_12_keystream: string;
  readonly salsa20_20_keystream: string;
}

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const anyRounds = fc.constantFrom<Salsa20Rounds[]>(12, 20);

describe('Salsa20', () => {
  it('gives the keystreams of the vectors', () => {
    for (const vector of loadVectors<SalsaVector[]>('salsa-poly-primitives.json'))
      for (const rounds of [12, 20] as const) {
        const bytes = new Uint8Array(200);
        salsa20Xor(hex(vector.key), hex(vector.iv), rounds, bytes, 0, bytes.length);
        expect(toHex(bytes)).toBe(vector[`salsa20_${rounds}_keystream`]);
      }
  });

  it('gives what its slow twin gives, from any block on, and changes nothing else', () => {
    const range = fc.record({
      before: fc.nat(70),
      length: fc.nat(300),
      skip: fc.nat(3),
    });
    fc.assert(
      fc.property(bytesOf(32), bytesOf(8), anyRounds, range, (key, nonce, rounds, given) => {
        const { before, length, skip } = given;
        const keystream = salsa20Keystream(key, nonce, rounds, skip + Math.ceil(length / 64));
        // No byte like its neighbour: it would not show if some changed places.
        const plain = Uint8Array.from({ length: before + length + 9 }, (_, i) => 7 * i);
        const bytes = plain.slice();
        salsa20Xor(key, nonce, rounds, bytes, before, before + length, skip);
        const expected = plain.map((byte, i) => {
          const inside = i >= before && i < before + length;
          return inside ? byte ^ keystream[64 * skip + i - before]! : byte;
        });
        expect(toHex(bytes)).toBe(toHex(expected));
      }),
      { numRuns: 200 },
    );
  });

  it('undoes itself', () => {
    fc.assert(
      fc.property(
        bytesOf(32),
        bytesOf(8),
        fc.uint8Array({ maxLength: 3000 }),
        (key, nonce, text) => {
          const bytes = text.slice();
          salsa20Xor(key, nonce, 12, bytes, 0, bytes.length, 1);
          salsa20Xor(key, nonce, 12, bytes, 0, bytes.length, 1);
          expect(bytes).toEqual(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives blocks as words, one after the other, at an offset', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i);
    const nonce = Uint8Array.from({ length: 8 }, (_, i) => 3 * i);
    const stream = new Salsa20Stream(key, nonce, 20);
    const words = new Uint32Array(49);
    for (const at of [0, 16, 32]) stream.nextBlock(words, at);
    const keystream = new DataView(salsa20Keystream(key, nonce, 20, 3).buffer);
    for (let i = 0; i < 48; i++) expect(words[i]).toBe(keystream.getUint32(4 * i, true));
    expect(words[48]).toBe(0);
  });

  it('counts blocks in 64 bits', () => {
    const key = new Uint8Array(32).fill(1);
    const stream = new Salsa20Stream(key, new Uint8Array(8), 12);
    stream.skip(2 ** 32 - 1);
    const [last, first, skipped] = [new Uint32Array(16), new Uint32Array(16), new Uint32Array(16)];
    stream.nextBlock(last);
    stream.nextBlock(first);
    const another = new Salsa20Stream(key, new Uint8Array(8), 12);
    another.skip(2 ** 31);
    another.skip(2 ** 31);
    another.nextBlock(skipped);
    expect(first).toEqual(skipped);
    another.start(key, new Uint8Array(8), 12);
    another.nextBlock(skipped);
    expect(first).not.toEqual(skipped);
  });

  it('refuses keys, nonces and ranges that are not its own', () => {
    const bytes = new Uint8Array(10);
    const [key, nonce] = [new Uint8Array(32), new Uint8Array(8)];
    expect(() => {
      salsa20Xor(new Uint8Array(16), nonce, 12, bytes, 0, 10);
    }).toThrow();
    expect(() => {
      salsa20Xor(key, new Uint8Array(12), 12, bytes, 0, 10);
    }).toThrow();
    expect(() => {
      salsa20Xor(key, nonce, 12, bytes, 0, 11);
    }).toThrow();
    expect(() => {
      salsa20Xor(key, nonce, 12, bytes, 5, 4);
    }).toThrow();
  });
});
