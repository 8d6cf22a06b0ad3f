import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '../../base/bytes.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { compressPacket, decompressPacket, needsDecompression } from './compression.ts';
import { isCompressedAt, packetLengthMax, setCipherSuite, verbAt } from './header.ts';

interface Vector {
  readonly plaintext_packet?: string;
  readonly compressed?: boolean;
  readonly compressed_packet: string;
}

const vectors = loadVectors<Vector[]>('lz4.json');

/** A packet of a verb that may be compressed, or is said to be. */
function packet(payload: Uint8Array, verb = 0x14): Uint8Array {
  const head = new Uint8Array(28);
  head[27] = verb;
  setCipherSuite(head, 0, 1);
  return concatBytes(head, payload);
}

function compress(plain: Uint8Array): Uint8Array {
  const arena = concatBytes(hex('eeee'), plain, hex('ee'));
  const end = compressPacket(arena, 2, 2 + plain.length);
  expect(arena[0]).toBe(0xee);
  expect(arena.at(-1)).toBe(0xee);
  return arena.slice(2, end);
}

function decompress(bytes: Uint8Array): Uint8Array | string {
  const arena = concatBytes(hex('eeee'), bytes, hex('ee'));
  const out = new Uint8Array(packetLengthMax + 6).fill(0xee);
  const end = decompressPacket(arena, 2, 2 + bytes.length, out, 3);
  expect([...out.subarray(0, 3), ...out.subarray(-3)]).toEqual(Array(6).fill(0xee));
  expect(arena.subarray(2, -1)).toEqual(bytes);
  return typeof end === 'string' ? end : out.slice(3, end);
}

describe('a payload', () => {
  it('is compressed and decompressed as in the vectors', () => {
    for (const vector of vectors) {
      const compressed = hex(vector.compressed_packet);
      if (vector.plaintext_packet === undefined) {
        expect(decompress(compressed)).toBe('bad-compression');
        continue;
      }
      expect(toHex(compress(hex(vector.plaintext_packet)))).toBe(vector.compressed_packet);
      expect(isCompressedAt(compressed, 0)).toBe(vector.compressed);
      expect(toHex(decompress(compressed) as Uint8Array)).toBe(vector.plaintext_packet);
    }
  });

  it('of any bytes comes back', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .uint8Array({ maxLength: 30 })
        .map((part) => concatBytes(...Array<Uint8Array>(9).fill(part))),
    );
    fc.assert(
      fc.property(payload, (bytes) => {
        const plain = packet(bytes);
        const compressed = compress(plain);
        expect(compressed.length).toBeLessThanOrEqual(plain.length);
        expect(isCompressedAt(compressed, 0)).toBe(compressed.length < plain.length);
        expect(decompress(compressed)).toEqual(plain);
      }),
    );
  });

  it('of 64 bytes is sent as it is, of 65 is not', () => {
    expect(compress(packet(new Uint8Array(64))).length).toBe(28 + 64);
    expect(compress(packet(new Uint8Array(65))).length).toBeLessThan(28 + 64);
  });

  it('is sent as it is where its block would not be smaller', () => {
    let state = 1;
    const noise = new Uint8Array(300).map(
      () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24,
    );
    expect(compress(packet(noise))).toEqual(packet(noise));
    // Four bytes that were there before become a match of three: at some number of them block and payload are equal.
    const saved = [0, 1, 2, 3, 4, 5].map((matches) => {
      const again = Array.from({ length: matches }, (_, i) => noise.subarray(7 * i, 7 * i + 4));
      const payload = concatBytes(noise.subarray(0, 60), ...again, noise.subarray(200, 212));
      const compressed = compress(packet(payload));
      const fewer = payload.length + 28 - compressed.length;
      expect(isCompressedAt(compressed, 0)).toBe(fewer > 0);
      return fewer;
    });
    expect(saved).toEqual([0, 0, 0, 1, 2, 3]);
  });

  it('of a HELLO is never compressed, and in suite 0 never decompressed', () => {
    const hello = packet(new Uint8Array(200), 0x01);
    expect(compress(hello)).toEqual(hello);
    const marked = hello.with(27, 0x81);
    setCipherSuite(marked, 0, 0);
    expect(needsDecompression(marked, 0)).toBe(false);
    expect(decompress(marked)).toEqual(marked);
    setCipherSuite(marked, 0, 1);
    expect(needsDecompression(marked, 0)).toBe(true);
  });

  it('that is empty and marked loses the mark', () => {
    const out = decompress(packet(new Uint8Array(0), 0x94)) as Uint8Array;
    expect([out.length, isCompressedAt(out, 0), verbAt(out, 0)]).toEqual([28, false, 0x14]);
  });

  it('of 9996 bytes is decompressed, of one more it is refused', () => {
    // One literal, a match of n over it, no more literals than the format asks for.
    const block = (length: number): Uint8Array => {
      const match = length - 1 - 5 - 4 - 15;
      const more = [...Array<number>(Math.floor(match / 255)).fill(255), match % 255];
      return Uint8Array.from([0x1f, 7, 1, 0, ...more, 0x50, 7, 7, 7, 7, 7]);
    };
    const out = decompress(packet(block(9_996), 0x94)) as Uint8Array;
    expect(out.length).toBe(packetLengthMax);
    expect(out.subarray(28).every((byte) => byte === 7)).toBe(true);
    expect(decompress(packet(block(9_997), 0x94))).toBe('bad-compression');
  });

  it('that is a block of nothing is refused', () => {
    expect(decompress(packet(hex('00'), 0x94))).toBe('bad-compression');
  });

  it('that is not compressed is refused where it is longer than a packet', () => {
    const out = new Uint8Array(packetLengthMax);
    const bytes = new Uint8Array(50 + packetLengthMax + 1);
    const end = 50 + packetLengthMax;
    expect(decompressPacket(bytes, 50, end, out, 0)).toBe(packetLengthMax);
    expect(decompressPacket(bytes, 50, end + 1, out, 0)).toBe('not-a-packet');
  });

  it('that a packet is too short for is refused', () => {
    expect(decompressPacket(new Uint8Array(27), 0, 27, new Uint8Array(packetLengthMax), 0)).toBe(
      'not-a-packet',
    );
  });
});
