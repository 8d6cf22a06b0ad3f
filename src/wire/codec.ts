/**
 * The one shape of every codec: a layout for people, `read`, `write`, a line for a terminal, an object for programs.
 *
 * `read` goes straight down and leaves failures to the reader; what it returns after a failure is to be thrown away.
 * {@link decode} and {@link encode} are the ends that others call. A codec that is read and written back gives the same
 * bytes; where a format has room for what a newer peer may add, the value keeps it.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import type { DropReason } from './drop-reason.ts';

/** A reader of bytes from the network. */
export type WireReader = ByteReader<DropReason>;

/** One row of a layout. */
export interface LayoutField {
  readonly name: string;
  /** Bytes, or how their number is found: `1, 7 or 19`, `to the end`. */
  readonly size: number | string;
  /** Meaning, unit, values: half a sentence. */
  readonly note?: string;
}

/** JSON that a value can become: 64-bit numbers and bytes as hexadecimal text. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Bytes ⇄ value of one format. */
export interface Codec<T> {
  /** As it is called in documents and output: `HELLO`, `identity`. */
  readonly name: string;
  readonly layout: readonly LayoutField[];
  /** Takes the value from the reader. Views in it are of the reader's buffer. */
  read(reader: WireReader): T;
  /** Puts the value. The writer must have room. */
  write(writer: ByteWriter, value: T): void;
  /** One short line; text from the network is escaped in it. */
  describe(value: T): string;
  /** Everything in it, for `--json`. */
  toJson(value: T): Json;
}

/** What a decoder gives: the value, always an object, or the name of what is wrong with the bytes. */
export type Decoded<T extends object> = T | DropReason;

/** Whether decoding failed. */
export function isDrop(result: object | DropReason): result is DropReason {
  return typeof result === 'string';
}

/**
 * Decodes all of `bytes`.
 *
 * @param bytes - borrowed; the value may hold views of it
 * @returns the value; or why not: `trailing-bytes` where the value ends before the bytes do
 */
export function decode<T extends object>(codec: Codec<T>, bytes: Uint8Array): Decoded<T> {
  const reader: WireReader = new ByteReader(bytes);
  const value = codec.read(reader);
  if (reader.failure !== null) return reader.failure;
  return reader.remaining === 0 ? value : 'trailing-bytes';
}

/** Encodes a value into new bytes. @param bytesMax - room to make; more is a bug of the caller */
export function encode<T>(codec: Codec<T>, value: T, bytesMax = 16_384): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(bytesMax));
  codec.write(writer, value);
  return writer.bytes.slice(0, writer.offset);
}
