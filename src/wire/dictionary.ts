/**
 * The text dictionaries of network configurations, their requests and sign-on data: `key=value` lines of bytes.
 *
 * Lines are joined by LF, none follows the last. Keys are never escaped. In values these bytes are written as two:
 *
 * | byte | 00 | 0a | 0d | `\` | `=` |
 * |---|---|---|---|---|---|
 * | as | `\0` | `\n` | `\r` | `\\` | `\e` |
 *
 * Reading is laxer: a backslash before any other byte stands for that byte, an unescaped CR ends a line like LF, NUL ends
 * everything, and a line without `=` is passed over; so only text as written above is written back byte for byte (the
 * real ones all are), and there are functions here instead of a codec. Text is bytes, shown as Latin-1, never UTF-8.
 * Numbers are 16 hexadecimal digits. Of a key that occurs twice the first counts. Source: vl2.md 2;
 * `captures/network-config-B.dict`.
 */
import { latin1Bytes, latin1Text, toHex } from '../base/bytes.ts';
import { assert } from '../base/errors.ts';
import { escapeBytes } from '../base/escape.ts';
import { parseAddress, type Address } from '../base/ids.ts';
import type { Json } from './codec.ts';

/** The longest texts that are read, in bytes. */
export const dictionaryBytesMax = {
  /** What a node says of itself when it asks for a configuration. */
  request: 1023,
  /** A network configuration. */
  config: 484_519,
  /** What an error says about signing on. */
  authInfo: 8192,
} as const;

/** One line. */
export interface DictionaryEntry {
  /** Latin-1, without `=`, LF, CR and NUL. */
  readonly key: string;
  /** Unescaped. */
  readonly value: Uint8Array;
}

/** Entries in their order. */
export class Dictionary {
  readonly entries: readonly DictionaryEntry[];
  readonly #first: ReadonlyMap<string, Uint8Array>;

  /** @param entries - kept */
  constructor(entries: readonly DictionaryEntry[]) {
    const first = new Map<string, Uint8Array>();
    for (const { key, value } of entries) if (!first.has(key)) first.set(key, value);
    this.entries = entries;
    this.#first = first;
  }

  has(key: string): boolean {
    return this.#first.has(key);
  }

  /** The value as it is; null where there is none. */
  bytes(key: string): Uint8Array | null {
    return this.#first.get(key) ?? null;
  }

  /** The value as Latin-1. Somebody else wrote it: escape it before it is shown. */
  text(key: string): string | null {
    const value = this.bytes(key);
    return value === null ? null : latin1Text(value);
  }

  /** Hexadecimal digits of any number, modulo 2⁶⁴, after a minus its complement; null where anything else is there. */
  u64(key: string): bigint | null {
    const value = this.bytes(key);
    if (value === null) return null;
    const small = exactNumber(value);
    if (small !== null) return BigInt(small);
    const text = latin1Text(value);
    if (!/^-?[0-9a-f]+$/i.test(text)) return null;
    const negative = text.startsWith('-');
    const magnitude = BigInt(`0x${negative ? text.slice(1) : text}`);
    return BigInt.asUintN(64, negative ? -magnitude : magnitude);
  }

  /** {@link u64} as a number, inexact beyond 2⁵³. */
  number(key: string): number | null {
    const value = this.bytes(key);
    const small = value === null ? null : exactNumber(value);
    if (small !== null) return small;
    const large = this.u64(key);
    return large === null ? null : Number(large);
  }

  /** Whether the value begins with `1`, `t` or `T`; null where there is none. */
  boolean(key: string): boolean | null {
    const value = this.bytes(key);
    return value === null ? null : /^[1tT]/.test(latin1Text(value.subarray(0, 1)));
  }

  /** Ten hexadecimal digits; null where anything else is there. */
  address(key: string): Address | null {
    const text = this.text(key);
    return text === null ? null : parseAddress(text);
  }
}

/** Writes the text of a dictionary, entry after entry. */
export class DictionaryWriter {
  #bytes = new Uint8Array(textBytesUsual);
  #length = 0;

  /** What was written so far, a view. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Starts again, in the same memory. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** @param value - copied */
  bytes(key: string, value: Uint8Array): this {
    let at = this.#start(key, 2 * value.length);
    const text = this.#bytes;
    for (const byte of value) {
      const escape = escapes[byte] as number;
      if (escape !== 0) text[at++] = backslash;
      text[at++] = escape === 0 ? byte : escape;
    }
    this.#length = at;
    return this;
  }

  /** @param value - Latin-1 */
  text(key: string, value: string): this {
    return this.bytes(key, latin1Bytes(value));
  }

  /** @param value - 0 to 2⁶⁴ − 1 */
  u64(key: string, value: bigint | number): this {
    const isExact = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    const high = isExact
      ? Math.floor(value / 2 ** 32)
      : Number(BigInt.asUintN(64, BigInt(value)) >> 32n);
    const low = isExact ? value % 2 ** 32 : Number(BigInt.asUintN(32, BigInt(value)));
    const at = this.#start(key, 16);
    writeDigits(this.#bytes, at, high, 8);
    writeDigits(this.#bytes, at + 8, low, 8);
    this.#length = at + 16;
    return this;
  }

  boolean(key: string, value: boolean): this {
    return this.text(key, value ? '1' : '0');
  }

  address(key: string, value: Address): this {
    const at = this.#start(key, 10);
    writeDigits(this.#bytes, at, Math.floor(value / 2 ** 32), 2);
    writeDigits(this.#bytes, at + 2, value % 2 ** 32, 8);
    this.#length = at + 10;
    return this;
  }

  /** Begins a line. @returns where its value goes, with room for it */
  #start(key: string, valueBytesMax: number): number {
    assert(!/[=\n\r\0]/.test(key), 'a dictionary key has no byte that would need an escape');
    const lengthMax = this.#length + key.length + 2 + valueBytesMax;
    if (lengthMax > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(lengthMax, 2 * this.#bytes.length));
      larger.set(this.written);
      this.#bytes = larger;
    }
    const text = this.#bytes;
    let at = this.#length;
    if (at > 0) text[at++] = lineFeed;
    for (let i = 0; i < key.length; i++) text[at++] = key.charCodeAt(i);
    text[at++] = equals;
    return at;
  }
}

/**
 * Reads a dictionary in one pass.
 *
 * @param bytes - borrowed; the dictionary holds no view of it
 * @param bytesMax - of {@link dictionaryBytesMax}
 * @returns `bad-dictionary` where it is longer; any other bytes are a dictionary
 */
export function parseDictionary(
  bytes: Uint8Array,
  bytesMax: number,
): Dictionary | 'bad-dictionary' {
  if (bytes.length > bytesMax) return 'bad-dictionary';
  const entries: DictionaryEntry[] = [];
  // No value is longer than its text: one buffer holds them all.
  const values = new Uint8Array(bytes.length);
  let used = 0;
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const lineStart = at;
    while (at < bytes.length && bytes[at] !== equals && !isLineEnd(bytes[at] as number)) at++;
    if (bytes[at] !== equals) {
      if (bytes[at] !== 0) at++;
      continue;
    }
    const key = latin1Text(bytes.subarray(lineStart, at++));
    const valueStart = used;
    while (at < bytes.length && !isLineEnd(bytes[at] as number)) {
      let byte = bytes[at++] as number;
      if (byte === backslash) {
        // A backslash that is the very last byte stands for nothing.
        if (at === bytes.length) break;
        byte = meanings[bytes[at++] as number] as number;
      }
      values[used++] = byte;
    }
    entries.push({ key, value: values.subarray(valueStart, used) });
    if (bytes[at] !== 0) at++;
  }
  return new Dictionary(entries);
}

/** The text of a dictionary, new. */
export function writeDictionary(dictionary: Dictionary): Uint8Array {
  const writer = new DictionaryWriter();
  for (const { key, value } of dictionary.entries) writer.bytes(key, value);
  return writer.written;
}

/** One line: `v=0000000000000007 n=lab C=(303 bytes)`, at most 256 characters of it. */
export function describeDictionary(dictionary: Dictionary): string {
  let line = '';
  for (const { key, value } of dictionary.entries) {
    if (line.length > 256) return `${line} …`;
    const shown = isPrintable(value) ? escapeBytes(value, 64) : `(${value.length} bytes)`;
    line += `${line === '' ? '' : ' '}${escapeBytes(latin1Bytes(key), 32)}=${shown}`;
  }
  return line;
}

/** Every entry in order: printable values as `text`, others as `hex`. */
export function dictionaryToJson(dictionary: Dictionary): Json {
  return dictionary.entries.map(({ key, value }) =>
    isPrintable(value) ? { key, text: latin1Text(value) } : { key, hex: toHex(value) },
  );
}

/** Room that the text of most dictionaries needs. */
const textBytesUsual = 1_024;
const lineFeed = 0x0a;
const equals = 0x3d;
const backslash = 0x5c;

/** By byte: the letter that follows the backslash, 0 where none is needed. */
const escapes = new Uint8Array(256);
/** By letter after a backslash: the byte that is meant. */
const meanings: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte);
for (const [letter, byte] of Object.entries({ 0: 0, n: 10, r: 13, '\\': 92, e: 61 })) {
  escapes[byte] = letter.charCodeAt(0);
  meanings[letter.charCodeAt(0)] = byte;
}

const digitText = '0123456789abcdef';
const digits = latin1Bytes(digitText);
/** By byte: what it stands for as a hexadecimal digit of either case; 16: it is none. */
const digitValues: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = digitText.indexOf(String.fromCharCode(byte).toLowerCase());
  return value < 0 ? 16 : value;
});

/** The last `count` digits of a number of 32 bits. */
function writeDigits(text: Uint8Array, at: number, value: number, count: number): void {
  for (let i = at + count - 1; i >= at; i--) {
    text[i] = digits[value & 0xf] as number;
    value >>>= 4;
  }
}

/** The number of 1 to 16 digits, where it is below 2⁵³: most are. Null: it is not, or something else is there. */
function exactNumber(value: Uint8Array): number | null {
  if (value.length === 0 || value.length > 16) return null;
  let number = 0;
  for (const byte of value) {
    const digit = digitValues[byte] as number;
    if (digit === 16) return null;
    number = number * 16 + digit;
  }
  return Number.isSafeInteger(number) ? number : null;
}

function isLineEnd(byte: number): boolean {
  return byte === lineFeed || byte === 0x0d || byte === 0;
}

function isPrintable(value: Uint8Array): boolean {
  return value.every((byte) => byte >= 0x20 && byte <= 0x7e);
}
