/**
 * Typed values out of text dictionaries, and back: one table of fields for each kind of dictionary.
 *
 * Readers of dictionaries are laxer than writers (numbers of any length, any order, keys that only newer peers know), so a
 * text that we would write otherwise is kept beside the values and written as it came. Source: vl2 2.
 */
import { ByteReader, ByteWriter, equalBytes } from '../../base/bytes.ts';
import { formatAddress, formatU64, type Address } from '../../base/ids.ts';
import type { Codec, Json, JsonObject, WireReader } from '../codec.ts';
import {
  Dictionary,
  dictionaryBytesMax,
  dictionaryToJson,
  DictionaryWriter,
  parseDictionary,
  type DictionaryEntry,
} from '../dictionary.ts';
import type { DropReason } from '../drop-reason.ts';

/** Notes that a dictionary cannot be used; the first reason counts. */
export type Fail = (reason: DropReason) => void;

/** One key of a dictionary. */
export interface DictionaryField<T> {
  readonly key: string;
  read(dictionary: Dictionary, fail: Fail): T;
  /** Adds the entry, unless the value is one that is left out. */
  write(writer: DictionaryWriter, value: T): void;
  toJson(value: T): Json;
}

/** The keys of a dictionary by the names of their values, in the order in which they are written. */
export type DictionaryFields<T> = { readonly [Name in keyof T]: DictionaryField<T[Name]> };

/** What a dictionary holds beside its known keys. */
export interface DictionaryRest {
  /** Entries with other keys; written after the known ones. */
  readonly others: readonly DictionaryEntry[];
  /** The text as it came, where that is not what we would write; leave it out when changing a value. */
  readonly textAsReceived?: Uint8Array;
}

/** What a blob consists of. */
export type BlobItem<T> = Pick<Codec<T>, 'read' | 'write' | 'toJson'>;

/**
 * Reads a dictionary.
 *
 * @param bytesMax - of `dictionaryBytesMax`
 * @returns the values, which hold no view of the text but for `textAsReceived`; or why the text cannot be used
 */
export function readFields<T extends object>(
  fields: DictionaryFields<T>,
  text: Uint8Array,
  bytesMax: number,
): (T & DictionaryRest) | DropReason {
  const dictionary = parseDictionary(text, bytesMax);
  if (dictionary === 'bad-dictionary') return dictionary;
  const failures: DropReason[] = [];
  const fail: Fail = (reason) => failures.push(reason);
  const { names, keys } = tableOf(fields);
  const values: Partial<T> = {};
  for (const name of names) setValue(values, name, fields[name].read(dictionary, fail));
  if (failures[0] !== undefined) return failures[0];
  const others = dictionary.entries.filter(({ key }) => !keys.has(key));
  const result = { ...(values as T), others };
  return equalBytes(rewritten(fields, result), text) ? result : { ...result, textAsReceived: text };
}

/** The text of a dictionary, new. */
export function writeFields<T extends object>(
  fields: DictionaryFields<T>,
  values: T & DictionaryRest,
): Uint8Array {
  return values.textAsReceived ?? rewritten(fields, values).slice();
}

/** One text at a time, in memory that grows with the longest so far. */
const writer = new DictionaryWriter();

/** The text that we would write, until the next one. */
function rewritten<T extends object>(
  fields: DictionaryFields<T>,
  values: T & DictionaryRest,
): Uint8Array {
  writer.clear();
  for (const name of tableOf(fields).names) fields[name].write(writer, values[name]);
  for (const { key, value } of values.others) writer.bytes(key, value);
  return writer.written;
}

/** Every value by its name, and the other keys under `others`. */
export function fieldsToJson<T extends object>(
  fields: DictionaryFields<T>,
  values: T & DictionaryRest,
): JsonObject {
  const json: Record<string, Json> = {};
  for (const name of tableOf(fields).names) json[name] = fields[name].toJson(values[name]);
  if (values.others.length > 0) json['others'] = dictionaryToJson(new Dictionary(values.others));
  return json;
}

/** 64 bits, 0 where it is absent. */
export function u64(key: string): DictionaryField<bigint> {
  return {
    key,
    read: (dictionary) => dictionary.u64(key) ?? 0n,
    write: (writer, value) => writer.u64(key, value),
    toJson: formatU64,
  };
}

/** 64 bits, null where it is absent. */
export function optionalU64(key: string): DictionaryField<bigint | null> {
  return {
    key,
    read: (dictionary) => dictionary.u64(key),
    write: (writer, value) => {
      if (value !== null) writer.u64(key, value);
    },
    toJson: (value) => (value === null ? null : formatU64(value)),
  };
}

/** A number, 0 where it is absent; inexact beyond 2⁵³. */
export function number(key: string): DictionaryField<number> {
  return {
    key,
    read: (dictionary) => dictionary.number(key) ?? 0,
    write: (writer, value) => writer.u64(key, value),
    toJson: (value) => value,
  };
}

/** `1` or `0`; false where it is absent. */
export function boolean(key: string): DictionaryField<boolean> {
  return {
    key,
    read: (dictionary) => dictionary.boolean(key) ?? false,
    write: (writer, value) => writer.boolean(key, value),
    toJson: (value) => value,
  };
}

/** A node, 0 where it is absent. */
export function address(key: string): DictionaryField<Address> {
  return {
    key,
    read: (dictionary) => dictionary.address(key) ?? (0 as Address),
    write: (writer, value) => writer.address(key, value),
    toJson: formatAddress,
  };
}

/** Latin-1 text from somebody else, empty where it is absent. */
export function text(key: string): DictionaryField<string> {
  return {
    key,
    read: (dictionary) => dictionary.text(key) ?? '',
    write: (writer, value) => writer.text(key, value),
    toJson: (value) => value,
  };
}

/** Latin-1 text from somebody else, null where it is absent. */
export function optionalText(key: string): DictionaryField<string | null> {
  return {
    key,
    read: (dictionary) => dictionary.text(key),
    write: (writer, value) => {
      if (value !== null) writer.text(key, value);
    },
    toJson: (value) => value,
  };
}

/** One value, null where it is absent; bytes after it are ignored. */
export function blob<T>(key: string, item: BlobItem<T>): DictionaryField<T | null> {
  return {
    key,
    read: (dictionary, fail) => {
      const bytes = dictionary.bytes(key);
      return bytes === null ? null : readBlob(bytes, item.read, fail);
    },
    write: (writer, value) => {
      if (value === null) return;
      scratch.seek(0);
      item.write(scratch, value);
      writer.bytes(key, inScratch());
    },
    toJson: (value) => (value === null ? null : item.toJson(value)),
  };
}

/** Values one after the other, left out where there are none; more than `countMax` are `too-many`. */
export function blobList<T>(
  key: string,
  item: BlobItem<T>,
  countMax: number,
): DictionaryField<readonly T[]> {
  const readAll = (reader: WireReader): T[] => {
    const list: T[] = [];
    while (reader.remaining > 0) {
      if (list.length === countMax) reader.fail('too-many');
      list.push(item.read(reader));
    }
    return list;
  };
  return {
    key,
    read: (dictionary, fail) => {
      const bytes = dictionary.bytes(key);
      return bytes === null ? [] : readBlob(bytes, readAll, fail);
    },
    write: (writer, list) => {
      if (list.length === 0) return;
      scratch.seek(0);
      for (const value of list) item.write(scratch, value);
      writer.bytes(key, inScratch());
    },
    toJson: (list) => list.map((value) => item.toJson(value)),
  };
}

/** A field that fails where its value is refused. */
export function checked<T>(
  field: DictionaryField<T>,
  isAllowed: (value: T) => boolean,
  reason: DropReason,
): DictionaryField<T> {
  return {
    ...field,
    read: (dictionary, fail) => {
      const value = field.read(dictionary, fail);
      if (!isAllowed(value)) fail(reason);
      return value;
    },
  };
}

function readBlob<T>(bytes: Uint8Array, read: (reader: WireReader) => T, fail: Fail): T {
  const reader: WireReader = new ByteReader(bytes);
  const value = read(reader);
  // Not the packet is cut, but what stands in it.
  if (reader.failure !== null) fail(reader.failure === 'truncated' ? 'bad-config' : reader.failure);
  return value;
}

/** A blob before it is escaped, one at a time. Memory that no blob has reached yet is not taken from the machine. */
const scratch: ByteWriter = new ByteWriter(new Uint8Array(dictionaryBytesMax.config));

function inScratch(): Uint8Array {
  return scratch.bytes.subarray(0, scratch.offset);
}

function setValue<T, Name extends keyof T>(values: Partial<T>, name: Name, value: T[Name]): void {
  values[name] = value;
}

interface Table {
  readonly names: readonly string[];
  readonly keys: ReadonlySet<string>;
}

/** There are three, each read and written many times. */
const tables = new WeakMap<object, Table>();

function tableOf<T extends object>(
  fields: DictionaryFields<T>,
): Table & { readonly names: readonly (keyof T & string)[] } {
  let table = tables.get(fields);
  if (table === undefined) {
    const names = Object.keys(fields) as (keyof T & string)[];
    table = { names, keys: new Set(names.map((name) => fields[name].key)) };
    tables.set(fields, table);
  }
  return table as Table & { readonly names: readonly (keyof T & string)[] };
}
