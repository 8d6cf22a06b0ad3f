import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { poly1305Tag } from '../../test/twins/poly1305.ts';
import { toHex } from '../base/bytes.ts';
import { poly1305 } from './poly1305.ts';

function tagOf(key: Uint8Array, bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const tag = new Uint8Array(16);
  poly1305(key, bytes, start, end, tag);
  return toHex(tag);
}

describe('Poly1305', () => {
  // Bytes of 0xff and 0x00 are what makes carries run through all limbs.
  const byte = fc.oneof(fc.constantFrom(0x00, 0xff, 0xfe, 0x01), fc.nat(255));
  const bytes = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
    fc.array(byte, { minLength: min, maxLength: max }).map((array) => Uint8Array.from(array));

  it('gives what its slow twin gives, for keys and messages with long carries', () => {
    fc.assert(
      fc.property(bytes(32, 32), bytes(0, 200), (key, message) => {
        expect(tagOf(key, message)).toBe(toHex(poly1305Tag(key, message)));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives what its slow twin gives for the largest key and message', () => {
    const key = new Uint8Array(32).fill(0xff);
    for (const length of [1, 15, 16, 17, 1400, 2800, 10_024]) {
      const message = new Uint8Array(length).fill(0xff);
      expect(tagOf(key, message)).toBe(toHex(poly1305Tag(key, message)));
    }
  });

  it('reads its range alone, wherever that begins', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 5 * i);
    const message = Uint8Array.from({ length: 100 }, (_, i) => i * i);
    for (let start = 0; start < 20; start++) {
      const expected = tagOf(key, message.slice(start, 90));
      expect(tagOf(key, message, start, 90)).toBe(expected);
      expect(tagOf(key, message.slice().fill(7, 90), start, 90)).toBe(expected);
    }
  });

  it('keeps nothing of a message for the next', () => {
    const key = new Uint8Array(32).fill(3);
    const empty = tagOf(key, new Uint8Array(0));
    tagOf(key, new Uint8Array(77).fill(9));
    expect(tagOf(key, new Uint8Array(0))).toBe(empty);
    expect(empty).toBe(toHex(key.subarray(16)));
  });
});
