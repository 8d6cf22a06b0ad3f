import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  ByteReader,
  ByteWriter,
  concatBytes,
  equalBytes,
  fromHex,
  latin1Bytes,
  latin1Text,
  toHex,
} from './bytes.ts';

/** The widths of a reader and writer, as one table: name, greatest value. */
const widths = [
  ['u8', 0xff],
  ['u16', 0xffff],
  ['u32', 0xffff_ffff],
  ['u40', 0xff_ffff_ffff],
  ['u48', 0xffff_ffff_ffff],
] as const;

describe('a reader', () => {
  it.each(widths)('reads the %s that a writer wrote, big-endian', (width, most) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: most }), fc.nat(9), (value, start) => {
        const bytes = new Uint8Array(20);
        const writer = new ByteWriter(bytes, start);
        writer[width](value);
        const digits = 2 * (writer.offset - start);
        expect(toHex(bytes.subarray(start, writer.offset))).toBe(
          value.toString(16).padStart(digits, '0'),
        );
        expect(new ByteReader(bytes, start)[width]()).toBe(value);
      }),
    );
  });

  it('reads 64 bits exactly', () => {
    const bytes = new Uint8Array(8);
    new ByteWriter(bytes).u64(0xfedc_ba98_7654_3210n);
    expect(toHex(bytes)).toBe('fedcba9876543210');
    expect(new ByteReader(bytes).u64()).toBe(0xfedc_ba98_7654_3210n);
  });

  it('fails once at the end of its range, and reads zero from then on', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 1, 4);
    expect([reader.u16(), reader.remaining, reader.failure]).toEqual([0x0203, 1, null]);
    expect(reader.u16()).toBe(0);
    expect([reader.failure, reader.remaining]).toEqual(['truncated', 0]);
    const zeros = [reader.u8(), reader.u32(), reader.u40(), reader.u48(), reader.u64()];
    expect(zeros).toEqual([0, 0, 0, 0, 0n]);
    expect([reader.take(1).length, reader.rest().length]).toEqual([0, 0]);
  });

  it('keeps its first failure until it is reset', () => {
    const reader = new ByteReader<'odd' | 'even'>(new Uint8Array(4));
    reader.fail('odd');
    reader.fail('even');
    expect([reader.failure, reader.u8(), reader.offset]).toEqual(['odd', 0, 0]);
    reader.reset(2, 4);
    expect([reader.failure, reader.remaining]).toEqual([null, 2]);
  });

  it('takes lengths from the network as they are: huge, negative or not a number', () => {
    for (const length of [5, 2 ** 31, 2 ** 53, -1, Number.NaN]) {
      const reader = new ByteReader(new Uint8Array(4), 2);
      expect(reader.take(length).length).toBe(0);
      expect(reader.failure).toBe('truncated');
    }
  });

  it.each([
    [-1, 2],
    [3, 2],
    [0, 5],
    [5, 5],
  ])('lies in its buffer: not at %i to %i of four bytes', (start, end) => {
    const bytes = new Uint8Array(4);
    expect(() => new ByteReader(bytes, start, end)).toThrow('a reader lies in its buffer');
    const reader = new ByteReader(bytes, 4, 4);
    expect(() => {
      reader.reset(start, end);
    }).toThrow('a reader lies in its buffer');
    reader.reset(0, 4);
    expect(reader.take(0).length).toBe(0);
    expect([reader.failure, reader.u32(), reader.bytes]).toEqual([null, 0, bytes]);
  });

  it('gives views of its buffer, and of what was read since an offset', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const reader = new ByteReader(bytes);
    const view = reader.take(2);
    bytes[0] = 9;
    expect([...view]).toEqual([9, 2]);
    reader.skip(1);
    expect([...reader.since(1)]).toEqual([2, 3]);
    expect([...reader.rest()]).toEqual([4]);
  });
});

describe('a writer', () => {
  it('refuses to write past its buffer', () => {
    const writer = new ByteWriter(new Uint8Array(3));
    writer.u16(1);
    expect(() => {
      writer.u16(2);
    }).toThrow('what is written fits its buffer');
  });

  it('goes nowhere outside its buffer', () => {
    const writer = new ByteWriter(new Uint8Array(3));
    for (const offset of [-1, 4])
      expect(() => {
        writer.seek(offset);
      }).toThrow('a writer stays in its buffer');
    writer.seek(3);
    expect(writer.offset).toBe(3);
  });

  it('goes back to fill a gap', () => {
    const bytes = new Uint8Array(6).fill(0xff);
    const writer = new ByteWriter(bytes);
    writer.zeros(2);
    writer.put(Uint8Array.of(7, 8));
    const end = writer.offset;
    writer.seek(0);
    writer.u16(end);
    expect([...bytes]).toEqual([0, 4, 7, 8, 0xff, 0xff]);
    writer.seek(4);
    writer.zeros(2);
    expect([...writer.bytes]).toEqual([0, 4, 7, 8, 0, 0]);
  });
});

describe('bytes', () => {
  it('are equal only in length and content', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 0), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(Uint8Array.of(0x80), Uint8Array.of(0))).toBe(false);
  });

  it('become hexadecimal and Latin-1 text and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes);
        expect(latin1Bytes(latin1Text(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['a', '0g', ' 00', '0x00']) expect(fromHex(text), text).toBeNull();
  });

  it('are joined', () => {
    expect([...concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))]).toEqual([
      1, 2, 3,
    ]);
  });
});
