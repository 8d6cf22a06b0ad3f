/**
 * What every codec must do, as a suite to run in the codec's own test file: samples are read and written back byte for
 * byte, values survive writing and reading, and no bytes at all make it throw.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteReader, toHex } from '../../src/base/bytes.ts';
import { encode, type Codec, type Json, type WireReader } from '../../src/wire/codec.ts';
import { dropReasons } from '../../src/wire/drop-reason.ts';
import { damaged } from '../damage.ts';

/** What the suite is given. */
export interface CodecSamples<T> {
  /** Real bytes, with where they come from as name: captures and vectors, not our own output. */
  readonly samples: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Makes values that the codec can write. */
  readonly arbitrary: fc.Arbitrary<T>;
  /** Default: 200. */
  readonly runs?: number;
}

/** Declares the tests of one codec. */
export function describeCodec<T>(codec: Codec<T>, given: CodecSamples<T>): void {
  describe(codec.name, () => {
    it('reads its samples and writes them back byte for byte', () => {
      expect(given.samples.length).toBeGreaterThan(0);
      for (const { name, bytes } of given.samples) {
        const { value, end } = readStrictly(codec, bytes, name);
        expect(end, name).toBe(bytes.length);
        expect(toHex(encode(codec, value, bytes.length)), name).toBe(toHex(bytes));
        expectPrintable(codec, value, name);
      }
    });

    it('reads what it wrote', () => {
      fc.assert(
        fc.property(given.arbitrary, (value) => {
          const bytes = encode(codec, value, 500_000);
          const read = readStrictly(codec, bytes, 'of a value');
          expect(read.end).toBe(bytes.length);
          expect(read.value).toEqual(value);
        }),
        { numRuns: given.runs ?? 200 },
      );
    });

    it('gives a value or a reason for every truncation and every flipped bit of its samples', () => {
      for (const { name, bytes } of given.samples) {
        let form = 0;
        for (const bad of damaged(bytes)) {
          const what =
            form < bytes.length ? `cut to ${form}` : `with bit ${form - bytes.length} flipped`;
          expectTotal(codec, bad, `${name} ${what}`);
          form++;
        }
      }
    });

    it('gives a value or a reason for any bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
          expectTotal(codec, bytes, 'random');
        }),
        { numRuns: given.runs ?? 200 },
      );
    });
  });
}

/**
 * Reads bytes that may be anything: never throws; a value that was read prints, and writes back the bytes it was read
 * from.
 */
export function expectTotal<T>(codec: Codec<T>, bytes: Uint8Array, name: string): void {
  const reader: WireReader = new ByteReader(bytes);
  let value: T;
  try {
    value = codec.read(reader);
  } catch (error) {
    throw new Error(`${codec.name} threw on ${name}: ${toHex(bytes)}`, { cause: error });
  }
  if (reader.failure !== null) {
    expect(Object.hasOwn(dropReasons, reader.failure), reader.failure).toBe(true);
    return;
  }
  const used = bytes.subarray(0, reader.offset);
  const again = encode(codec, value, used.length + 64);
  if (toHex(again) !== toHex(used))
    expect.fail(`${codec.name} read ${toHex(used)} and wrote ${toHex(again)} (${name})`);
  expectPrintable(codec, value, name);
}

function readStrictly<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  name: string,
): { value: T; end: number } {
  const reader: WireReader = new ByteReader(bytes);
  const value = codec.read(reader);
  expect(reader.failure, name).toBeNull();
  return { value, end: reader.offset };
}

function expectPrintable<T>(codec: Codec<T>, value: T, name: string): void {
  const line = codec.describe(value);
  expect(/[^\x20-\x7e\u00a0-\uffff]/.test(line), `${name}: ${line}`).toBe(false);
  expect(() => JSON.stringify(codec.toJson(value) satisfies Json)).not.toThrow();
}
