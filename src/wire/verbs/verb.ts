/**
 * What every verb's codec is, and the numbers and names of the verbs (vl1 3.4).
 *
 * A verb is the low five bits of byte 27 of a packet; its payload is what follows, decrypted and decompressed. A codec
 * reads what it knows and leaves the rest: bytes after the known fields come from a newer peer and are kept by
 * `decodeMessage`, in one place for all verbs.
 */
import type { Codec } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import { headerLength, packetLengthMax } from '../packet/header.ts';

/** The verbs that are assigned. 0x0f, 0x11 and 0x17–0x1f are not. */
export const verbNumbers = {
  NOP: 0x00,
  HELLO: 0x01,
  ERROR: 0x02,
  OK: 0x03,
  WHOIS: 0x04,
  RENDEZVOUS: 0x05,
  FRAME: 0x06,
  EXT_FRAME: 0x07,
  ECHO: 0x08,
  MULTICAST_LIKE: 0x09,
  NETWORK_CREDENTIALS: 0x0a,
  NETWORK_CONFIG_REQUEST: 0x0b,
  NETWORK_CONFIG: 0x0c,
  MULTICAST_GATHER: 0x0d,
  MULTICAST_FRAME: 0x0e,
  PUSH_DIRECT_PATHS: 0x10,
  ACK: 0x12,
  QOS_MEASUREMENT: 0x13,
  USER_MESSAGE: 0x14,
  REMOTE_TRACE: 0x15,
  PATH_NEGOTIATION_REQUEST: 0x16,
} as const;

/** A name in {@link verbNumbers}. */
export type VerbName = keyof typeof verbNumbers;
/** A number in {@link verbNumbers}. */
export type VerbNumber = (typeof verbNumbers)[VerbName];

/** The codec of one verb's payload. */
export interface VerbCodec<V> extends Codec<V> {
  readonly name: VerbName;
  readonly verb: VerbNumber;
  /** Every reason that its reader may give; the fuzzer holds it to them. */
  readonly dropReasons: readonly DropReason[];
}

const names = new Map<number, VerbName>(
  Object.entries(verbNumbers).map(([name, number]) => [number, name as VerbName]),
);

/** The name of a verb; `verb 0x1f` where none is assigned. */
export function verbName(verb: number): string {
  return names.get(verb) ?? `verb 0x${verb.toString(16).padStart(2, '0')}`;
}

/** The longest payload, 9996 bytes: the longest packet less its header (vl1 2.3, 2.11). */
export const payloadBytesMax: number = packetLengthMax - headerLength;

/**
 * The most items of a list that fit into a packet: the limit of every list on the wire whose count the peer names.
 *
 * @param itemBytesMin - the shortest item
 */
export function itemsMax(itemBytesMin: number): number {
  return Math.floor(payloadBytesMax / itemBytesMin);
}
