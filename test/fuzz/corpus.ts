/**
 * Where inputs come from: every byte string in the vectors and captures, and what fuzzers found before, which is kept in
 * `corpus/TARGET/HASH.hex` and replayed by every test run.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { decode, isDrop, type Codec } from '../../src/wire/codec.ts';
import { capturedPayloads, capturedRecords, hex, loadBytes, loadVectors } from '../vectors/load.ts';
import { inputBytesMax } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

const folder = fileURLToPath(new URL('corpus/', import.meta.url));
const vectorFolder = new URL('../vectors/', import.meta.url);

/** How many seeds a target begins with, at most. */
const seedsMax = 32;

/** Packets in the vectors are given with their header. */
const headerBytes = 28;

/** Where a captured FRAME's frame begins in its payload. */
const frameDataAt = 10;

/** A kept input. */
export interface KeptInput {
  readonly file: string;
  readonly target: string;
  readonly input: Uint8Array;
}

/** Every kept input. */
export function keptInputs(): KeptInput[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hex'))
    .sort()
    .map((file) => ({
      file,
      target: file.split(/[/\\]/)[0]!,
      input: hex(readFileSync(join(folder, file), 'utf8').replace(/\s/g, '')),
    }));
}

/** Keeps an input that a target failed on. @returns its file */
export function keepInput(target: FuzzTarget, input: Uint8Array): string {
  const name = createHash('sha256').update(input).digest('hex').slice(0, 16);
  const file = join(folder, target.name, `${name}.hex`);
  mkdirSync(join(folder, target.name), { recursive: true });
  writeFileSync(file, `${toHex(input).replace(/.{100}/g, '$&\n')}\n`);
  return file;
}

/** Payloads of a verb, captured or, of HELLO, with its tail decrypted: one of each length and beginning. */
export function verbSeeds(verb: string): Uint8Array[] {
  return fewOf(
    verb === 'HELLO' ? helloPayloads() : capturedPayloads(verb).map(({ bytes }) => bytes),
    (bytes) => `${bytes.length} ${bytes[0] ?? 0}`,
  );
}

function helloPayloads(): Uint8Array[] {
  interface Hello {
    readonly dearmored: string;
    readonly tail_offset: number;
    readonly tail_plain: string;
  }
  const { hello } = loadVectors<{ readonly hello: readonly Hello[] }>('hello-and-friends.json');
  return hello.map((given) =>
    concatBytes(
      hex(given.dearmored).subarray(headerBytes, given.tail_offset),
      hex(given.tail_plain),
    ),
  );
}

/** The byte strings of all vectors that a codec takes wholly, one of each length and beginning. */
export function seedsFor<T extends object>(codec: Codec<T>): Uint8Array[] {
  return fewOf(
    vectorBytes().filter((bytes) => !isDrop(decode(codec, bytes))),
    (bytes) => `${bytes.length} ${bytes[0] ?? 0}`,
  );
}

/** Packets in the vectors: some sealed, some plain, some compressed. */
export function packetSeeds(): Uint8Array[] {
  const compressed = loadVectors<readonly Readonly<Record<string, unknown>>[]>('lz4.json')
    .flatMap((vector) => Object.entries(vector))
    .flatMap(([name, text]) => (name.endsWith('packet') ? [hex(String(text))] : []));
  const { packets } = loadVectors<{ readonly packets: readonly { readonly datagram: string }[] }>(
    'session.json',
  );
  return fewOf(
    [...compressed, ...packets.map(({ datagram }) => hex(datagram))],
    (bytes) => `${bytes.length} ${bytes[27] ?? 0}`,
  );
}

/** Texts of dictionaries: whole configurations. */
export function dictionarySeeds(): Uint8Array[] {
  const { dictionaries } = loadVectors<{ readonly dictionaries: Readonly<Record<string, string>> }>(
    'config-chunks.json',
  );
  return [...Object.values(dictionaries).map(hex), loadBytes('captures/network-config-B.dict')];
}

/** Identities as text, with and without their secrets. */
export function identityTexts(): string[] {
  const { valid } = loadVectors<{ readonly valid: readonly Readonly<Record<string, string>>[] }>(
    'identities.json',
  );
  return valid
    .flatMap((identity) => Object.values(identity))
    .filter((text) => /^[0-9a-f]{10}:0:/.test(text))
    .slice(0, 6);
}

let pool: Uint8Array[] | null = null;

/** Every byte string in the JSON files of the vectors, and every payload that was captured. */
function vectorBytes(): Uint8Array[] {
  if (pool !== null) return pool;
  const texts = new Set<string>();
  for (const file of readdirSync(vectorFolder).filter((name) => name.endsWith('.json')))
    collect(loadVectors<unknown>(file), texts);
  for (const { payload } of capturedRecords()) if (payload !== undefined) texts.add(payload);
  // Files of homes, as hexadecimal text: what nodes remember of each other.
  for (const file of readdirSync(new URL('captures/home/', vectorFolder)))
    if (file.endsWith('.peer.hex'))
      texts.add(readFileSync(new URL(`captures/home/${file}`, vectorFolder), 'latin1').trim());
  const strings = [...texts].map(hex);
  const packets = strings.filter(({ length }) => length > headerBytes);
  const frames = capturedPayloads('FRAME').map(({ bytes }) => bytes.subarray(frameDataAt));
  pool = fewOf(
    [
      ...strings,
      ...packets.map((packet) => packet.subarray(headerBytes)),
      // What Ethernet carries, and what IPv4 and IPv6 carry in it.
      ...[0, 20, 40].flatMap((skip) => frames.map((data) => data.subarray(skip))),
    ],
    (bytes) => `${bytes.length} ${toHex(bytes.subarray(0, 3))}`,
    Infinity,
  );
  return pool;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length <= 2 * inputBytesMax && /^([0-9a-f]{2})+$/.test(value)) into.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collect(each, into);
  }
}

function fewOf(
  all: readonly Uint8Array[],
  sortOf: (bytes: Uint8Array) => string,
  max = seedsMax,
): Uint8Array[] {
  const bySort = new Map(all.map((bytes) => [sortOf(bytes), bytes]));
  const some = [...bySort.values()];
  // Spread over all of them rather than the first ones: neighbours in a vector file are alike.
  const step = Math.max(1, some.length / max);
  return Array.from({ length: Math.min(max, some.length) }, (_, i) => some[Math.floor(i * step)]!);
}
