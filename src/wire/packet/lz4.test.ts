import fc from 'fast-check';
import { compressSync, uncompressSync } from 'lz4-napi';
import { describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import { compressSlowly, decompressSlowly } from '../../../test/twins/lz4.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { compressBlock, decompressBlock } from './lz4.ts';

const roomMax = 100_000;

interface Vector {
  readonly plaintext_packet?: string;
  readonly compressed_packet: string;
  readonly compressed?: boolean;
  readonly uncompress_ok: boolean;
}

const blocks = loadVectors<Vector[]>('lz4.json')
  .filter((vector) => vector.compressed !== false)
  .map((vector) => ({
    plain: vector.plaintext_packet === undefined ? null : hex(vector.plaintext_packet).slice(28),
    block: hex(vector.compressed_packet).slice(28),
  }));

/** Bytes as packets have them: repeated words between noise, and now and then neither. */
const compressible: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('ff', '000000000000', '283c5bc4bcc3c8a8', 'aabbccdd').map(hex),
      fc
        .record({ byte: fc.nat(255), length: fc.nat(700) })
        .map(({ byte, length }) => new Uint8Array(length).fill(byte)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

function decompress(block: Uint8Array, outLength = roomMax): Uint8Array | null {
  const out = new Uint8Array(outLength + 16).fill(0xee);
  const end = decompressBlock(block, 0, block.length, out, 8, 8 + outLength);
  expect(out.subarray(0, 8).every((byte) => byte === 0xee)).toBe(true);
  expect(out.subarray(8 + outLength).every((byte) => byte === 0xee)).toBe(true);
  return end < 0 ? null : out.slice(8, end);
}

function compress(bytes: Uint8Array, outLength = roomMax): Uint8Array | null {
  const out = new Uint8Array(outLength + 16).fill(0xee);
  const end = compressBlock(bytes, 0, bytes.length, out, 8, 8 + outLength);
  expect(out.subarray(0, 8).every((byte) => byte === 0xee)).toBe(true);
  expect(out.subarray(8 + outLength).every((byte) => byte === 0xee)).toBe(true);
  return end < 0 ? null : out.slice(8, end);
}

/** The oracle wants the size in 4 bytes before the block. */
function withSize(block: Uint8Array, length: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  return Buffer.concat([size, block]);
}

describe('an LZ4 block', () => {
  it('decompresses to what the vectors say', () => {
    expect(blocks.filter(({ plain }) => plain !== null).length).toBe(5);
    for (const { plain, block } of blocks) {
      const out = decompress(block);
      if (plain === null) expect(out).toBeNull();
      else expect(toHex(out!)).toBe(toHex(plain));
    }
  });

  it('is byte for byte what the reference made of the same bytes', () => {
    for (const { plain, block } of blocks)
      if (plain !== null) expect(toHex(compress(plain)!)).toBe(toHex(block));
  });

  it('comes back as it was, whoever compressed and whoever decompressed', () => {
    fc.assert(
      fc.property(compressible, (bytes) => {
        if (bytes.length === 0) return;
        const ours = compress(bytes)!;
        expect(toHex(decompress(ours)!)).toBe(toHex(bytes));
        expect(toHex(decompressSlowly(ours)!)).toBe(toHex(bytes));
        expect(toHex(uncompressSync(withSize(ours, bytes.length)))).toBe(toHex(bytes));
        expect(toHex(decompress(compressSync(Buffer.from(bytes)).subarray(4))!)).toBe(toHex(bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('of the longest matches is read as well', () => {
    fc.assert(
      fc.property(compressible, (long) => {
        const bytes = long.slice(0, 600);
        if (bytes.length === 0) return;
        const block = compressSlowly(bytes);
        expect(toHex(decompress(block)!)).toBe(toHex(bytes));
        expect(toHex(uncompressSync(withSize(block, bytes.length)))).toBe(toHex(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('of any bytes gives what the slow twin gives', () => {
    const tokenHeavy = fc.array(fc.constantFrom(0, 1, 4, 15, 16, 31, 240, 255), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          tokenHeavy.map((bytes) => Uint8Array.from(bytes)),
        ),
        (bytes) => {
          expect(decompress(bytes)).toEqual(decompressSlowly(bytes));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('with a bit flipped or its end cut gives what the slow twin gives, or needs more room', () => {
    for (const { block } of blocks) {
      const from = Math.max(0, block.length - 40);
      for (let at = 0; at < block.length; at = at === 40 && from > 40 ? from : at + 1) {
        expect(decompress(block.slice(0, at))).toEqual(decompressSlowly(block.slice(0, at)));
        const flipped = block.slice();
        flipped[at]! ^= 1 << (at % 8);
        const slow = decompressSlowly(flipped);
        expect(decompress(flipped)).toEqual(slow !== null && slow.length > roomMax ? null : slow);
      }
    }
  });

  it('is refused where its output does not fit, and fits to the byte', () => {
    for (const { plain, block } of blocks) {
      if (plain === null) continue;
      for (let room = 0; room < plain.length; room += 1 + (room >> 3))
        expect(decompress(block, room)).toBeNull();
      expect(decompress(block, plain.length)).toEqual(plain);
    }
  });

  it('is not made where it does not fit, and fits to the byte', () => {
    fc.assert(
      fc.property(compressible, fc.nat(), (bytes, cut) => {
        if (bytes.length === 0) return;
        const block = compress(bytes)!;
        expect(compress(bytes, block.length)).toEqual(block);
        expect(compress(bytes, cut % block.length)).toBeNull();
      }),
    );
  });

  it('does not depend on the blocks before it', () => {
    const bytes = new Uint8Array(9_996).map((_, i) => (i * i) >> 7);
    const block = compress(bytes);
    // More than the 2^24 positions that the table tells apart before it starts again.
    const far = new Uint8Array(65_535).map((_, i) => i >> 3);
    const out = new Uint8Array(70_000);
    for (let i = 0; i < 600; i++) {
      compressBlock(far, 0, 65_535, out, 0, 70_000);
      if (i % 64 === 0) expect(compress(bytes)).toEqual(block);
    }
    expect(compress(bytes)).toEqual(block);
  });

  it.each([12, 13, 14, 15, 16, 269, 270, 271, 525])('of %i equal bytes comes back', (length) => {
    const bytes = new Uint8Array(length).fill(7);
    expect(decompress(compress(bytes)!)).toEqual(bytes);
  });

  it.each([
    ['no bytes', ''],
    ['a length without end', 'ffffff'],
    ['a match before the output', '1061050000'],
    ['a distance of zero', '106100000000'],
    ['a match at the end', '10610100'],
    ['half a distance', '106101'],
  ])('is refused: %s', (_, text) => {
    expect(decompress(hex(text))).toBeNull();
  });
});
