/**
 * Reading and writing big-endian bytes in one buffer by offset.
 *
 * A {@link ByteReader} never throws: what does not fit, or is forbidden, is its first {@link ByteReader.failure | failure},
 * which stays; from then on every read yields zero and advances nothing, so that a decoder is written straight down and
 * asks once, at its end. A loop over a count from the network must also end when `failure` is set.
 * A {@link ByteWriter} asserts its room: how much is written is the caller's knowledge, not the network's.
 */
import { assert } from './errors.ts';

const nothing = new Uint8Array(0);

/**
 * Reads a range of a buffer that it borrows. Views it returns are of that buffer: copy what must outlive it.
 *
 * @typeParam Reason - the names that {@link ByteReader.fail} takes beside `truncated`
 */
export class ByteReader<Reason extends string = never> {
  #bytes: Uint8Array;
  #view: DataView;
  #offset: number;
  #end: number;
  #failure: Reason | 'truncated' | null = null;

  /** @param bytes - borrowed. @param start - of the range. @param end - of the range, exclusive */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#offset = start;
    this.#end = end;
    assert(0 <= start && start <= end && end <= bytes.length, 'a reader lies in its buffer');
  }

  /** Starts again on another range of the same buffer, without a failure: no allocation. */
  reset(start: number, end: number): void {
    assert(0 <= start && start <= end && end <= this.#bytes.length, 'a reader lies in its buffer');
    this.#offset = start;
    this.#end = end;
    this.#failure = null;
  }

  /** The buffer that is read. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the next byte is read, from the start of the buffer. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes left; 0 after a failure. */
  get remaining(): number {
    return this.#failure === null ? this.#end - this.#offset : 0;
  }

  /** What went wrong first, null while nothing did. */
  get failure(): Reason | 'truncated' | null {
    return this.#failure;
  }

  /** Marks what was read as unusable; the first reason stays. */
  fail(reason: Reason | 'truncated'): void {
    this.#failure ??= reason;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at);
  }

  /** A 40-bit number, exact. */
  u40(): number {
    const at = this.#take(5);
    return at < 0 ? 0 : this.#view.getUint8(at) * 0x1_0000_0000 + this.#view.getUint32(at + 1);
  }

  /** A 48-bit number, exact. */
  u48(): number {
    const at = this.#take(6);
    return at < 0 ? 0 : this.#view.getUint16(at) * 0x1_0000_0000 + this.#view.getUint32(at + 2);
  }

  u64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#view.getBigUint64(at);
  }

  /** The next `length` bytes, a view; empty where they are not there. */
  take(length: number): Uint8Array {
    const at = this.#take(length);
    return at < 0 ? nothing : this.#bytes.subarray(at, at + length);
  }

  /** Everything that is left, a view. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** The bytes from an earlier {@link offset} up to here, a view: what a signature covers. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Advances. @returns where the taken bytes start, −1 after a failure */
  #take(length: number): number {
    if (this.#failure !== null) return -1;
    const at = this.#offset;
    if (!(length >= 0 && length <= this.#end - at)) {
      this.#failure = 'truncated';
      return -1;
    }
    this.#offset = at + length;
    return at;
  }
}

/** Writes into a buffer that it borrows, from an offset on. Writing past the end of the buffer is a bug. */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  /** @param bytes - borrowed, written. @param start - where the first byte goes */
  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#offset = start;
  }

  /** The buffer that is written. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the next byte goes, from the start of the buffer. */
  get offset(): number {
    return this.#offset;
  }

  /** Goes on elsewhere: back to a length that is known only now, or over a gap. */
  seek(offset: number): void {
    assert(offset >= 0 && offset <= this.#bytes.length, 'a writer stays in its buffer');
    this.#offset = offset;
  }

  u8(value: number): void {
    this.#view.setUint8(this.#advance(1), value);
  }

  u16(value: number): void {
    this.#view.setUint16(this.#advance(2), value);
  }

  u32(value: number): void {
    this.#view.setUint32(this.#advance(4), value);
  }

  u40(value: number): void {
    const at = this.#advance(5);
    this.#view.setUint8(at, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(at + 1, value % 0x1_0000_0000);
  }

  u48(value: number): void {
    const at = this.#advance(6);
    this.#view.setUint16(at, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(at + 2, value % 0x1_0000_0000);
  }

  u64(value: bigint): void {
    this.#view.setBigUint64(this.#advance(8), value);
  }

  /** Copies bytes in. */
  put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#advance(bytes.length));
  }

  zeros(length: number): void {
    const at = this.#advance(length);
    this.#bytes.fill(0, at, at + length);
  }

  #advance(length: number): number {
    const at = this.#offset;
    assert(at + length <= this.#bytes.length, 'what is written fits its buffer');
    this.#offset = at + length;
    return at;
  }
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** One new byte string from many. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The bytes of hexadecimal digits of either case; null where anything else, or an odd number of digits, is there. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Text as one byte a character (Latin-1): the bytes of dictionaries are not UTF-8. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  // `Uint8Array.from` with a function took a tenth of the time of a whole network configuration.
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The text of {@link latin1Bytes}. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
