/** Loads the vectors and captures of this folder; see README.md for what each holds and where it comes from. */
import { readFileSync } from 'node:fs';

import { fromHex } from '../../src/base/bytes.ts';

/** A JSON file of this folder, as the caller says its shape is. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the file
export function loadVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
}

/** Bytes of a file of this folder. */
export function loadBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, import.meta.url)));
}

/** Bytes from hexadecimal text that is known to be right. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`not hexadecimal: ${text.slice(0, 40)}`);
  return bytes;
}

/** A record of `captures/decoded.jsonl`: what an independent decoder found in a packet of `flow.pcap`. */
export interface CapturedRecord {
  readonly frame: number;
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly src: string;
  readonly dst: string;
  readonly hops: number;
  readonly cipher: number;
  readonly verb?: string;
  readonly compressed?: boolean;
  /** The plain text after the verb, decompressed, in hexadecimal. */
  readonly payload?: string;
  readonly [field: string]: unknown;
}

/** Every record of the capture. */
export function capturedRecords(): CapturedRecord[] {
  return readFileSync(new URL('captures/decoded.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CapturedRecord);
}

/** The payloads of all captured packets of one verb, as samples of its codec. */
export function capturedPayloads(verb: string): { name: string; bytes: Uint8Array }[] {
  return capturedRecords().flatMap((record) =>
    record.verb === verb && record.payload !== undefined
      ? [{ name: `frame ${record.frame}`, bytes: hex(record.payload) }]
      : [],
  );
}
