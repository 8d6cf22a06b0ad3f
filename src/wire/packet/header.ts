/**
 * The header of a packet, read and written where the packet lies: by the offset of its first byte, without an object.
 *
 * | Offset | Size | Field |
 * |---|---|---|
 * | 0 | 8 | packet ID, and with it the nonce; cipher suite 3 replaces it |
 * | 8 | 5 | destination |
 * | 13 | 5 | source; 0xff first would be a fragment (`fragment.ts`) |
 * | 18 | 1 | bits `F F C C C H H H`: 0x80 if and only if the suite is 1, 0x40 head of a fragmented packet, suite, hops |
 * | 19 | 8 | authentication code, or the path ID of suite 2 |
 * | 27 | 1 | bit 7: the payload is compressed; bits 4–0: verb. The first byte that is encrypted |
 * | 28 | … | payload |
 *
 * Source: vl1 2.1–2.3. Only the hops change on the way, so everything that authenticates masks them.
 */
import { assert } from '../../base/errors.ts';
import type { Address, PacketId } from '../../base/ids.ts';
import { setU32, u32At, u40At } from '../big-endian.ts';
import type { DropReason } from '../drop-reason.ts';

/** Bytes before the payload. */
export const headerLength = 28;
/** Bytes of the largest packet: 7 × 1432. */
export const packetLengthMax = 10_024;
/** Bytes of a datagram of the old discovery on a LAN (vl1 6.2). */
export const beaconLength = 13;
/** A relay does not pass on what has made this many hops (vl1 2.12). */
export const relayHopsMax = 3;

/** Where the fields are, from the first byte of a packet; a fragment shares the first two. */
export const packetIdOffset = 0;
export const destinationOffset = 8;
export const sourceOffset = 13;
export const flagsOffset = 18;
export const macOffset = 19;
export const verbOffset = 27;

/** The byte of a fragment that no source address begins with, and where it is. */
export const fragmentMark = 0xff;
export const fragmentMarkOffset = 13;

const encryptedFlag = 0x80;
const fragmentedFlag = 0x40;
const suiteMask = 0x38;
const suiteShift = 3;
const hopsMask = 0x07;
const compressedFlag = 0x80;
const verbMask = 0x1f;

/** What of {@link flagsAt} is authenticated: everything but the hops. */
export const authenticatedFlags = 0xf8;

/** What a datagram is by its length and its 14th byte alone (vl1 2.1); nothing is verified. */
export function classify(
  bytes: Uint8Array,
  start: number,
  end: number,
): 'packet' | 'fragment' | 'beacon' | DropReason {
  const length = end - start;
  if (length === beaconLength) return 'beacon';
  if (length <= 16 || length > packetLengthMax) return 'not-a-packet';
  if (bytes[start + fragmentMarkOffset] === fragmentMark) return 'fragment';
  return length >= headerLength ? 'packet' : 'not-a-packet';
}

/** What {@link writeHeader} is given. */
export interface PacketHeader {
  /** 64 random bits; with suite 3, {@link packetIdAt} after sealing is the one that a reply names. */
  readonly packetId: PacketId;
  readonly destination: Address;
  readonly source: Address;
  /** 0 to 31. */
  readonly verb: number;
  /** Whether it will be cut into pieces: authenticated, so it is known before sealing. Default: false. */
  readonly fragmented?: boolean;
}

/** Writes the 28 bytes of a packet that is to be sealed: no hops, no suite yet, zeros for the authentication code. */
export function writeHeader(bytes: Uint8Array, start: number, header: PacketHeader): void {
  setU32(bytes, start, Number(header.packetId >> 32n));
  setU32(bytes, start + 4, Number(header.packetId & 0xffff_ffffn));
  writeAddressed(bytes, start, header.destination, header.source, header.verb);
  if (header.fragmented === true) setFragmented(bytes, start);
}

/** The same without a packet ID, which is to be written where the packet lies; and without an object. */
export function writeAddressed(
  bytes: Uint8Array,
  start: number,
  destination: Address,
  source: Address,
  verb: number,
): void {
  assert(start + headerLength <= bytes.length, 'a header lies in its buffer');
  writeAddress(bytes, start + destinationOffset, destination);
  writeAddress(bytes, start + sourceOffset, source);
  for (let at = start + flagsOffset; at < start + verbOffset; at++) bytes[at] = 0;
  bytes[start + verbOffset] = verb & verbMask;
}

/** Marks a packet as the head of several pieces: before it is sealed. */
export function setFragmented(bytes: Uint8Array, start: number): void {
  bytes[start + flagsOffset] = flagsAt(bytes, start) | fragmentedFlag;
}

/** The packet ID of a packet or fragment. Makes a bigint: {@link packetIdHighAt} and {@link packetIdLowAt} make nothing. */
export function packetIdAt(bytes: Uint8Array, start: number): PacketId {
  const high = BigInt(packetIdHighAt(bytes, start));
  return ((high << 32n) | BigInt(packetIdLowAt(bytes, start))) as PacketId;
}

/** The upper 32 bits of the packet ID: what the table of expected replies keeps (vl1 3.2). */
export function packetIdHighAt(bytes: Uint8Array, start: number): number {
  return u32At(bytes, start);
}

/** The lower 32 bits of the packet ID. */
export function packetIdLowAt(bytes: Uint8Array, start: number): number {
  return u32At(bytes, start + 4);
}

/** Whom a packet or fragment is for. */
export function destinationAt(bytes: Uint8Array, start: number): Address {
  return u40At(bytes, start + destinationOffset) as Address;
}

/** Whom a packet is from; a fragment does not say. */
export function sourceAt(bytes: Uint8Array, start: number): Address {
  return u40At(bytes, start + sourceOffset) as Address;
}

/** The whole byte of flags, suite and hops. */
export function flagsAt(bytes: Uint8Array, start: number): number {
  return bytes[start + flagsOffset] as number;
}

/** How many relays the packet has passed: 0 to 7. */
export function hopsAt(bytes: Uint8Array, start: number): number {
  return flagsAt(bytes, start) & hopsMask;
}

/** One more hop. The caller has seen that {@link hopsAt} is below {@link relayHopsMax}. */
export function incrementHops(bytes: Uint8Array, start: number): void {
  assert(hopsAt(bytes, start) < hopsMask, 'hops fit their three bits');
  bytes[start + flagsOffset] = flagsAt(bytes, start) + 1;
}

/** 0 to 7; what the numbers mean: vl1 2.5. */
export function cipherSuiteAt(bytes: Uint8Array, start: number): number {
  return (flagsAt(bytes, start) & suiteMask) >> suiteShift;
}

/** Sets the suite and with it 0x80; the fragment flag and the hops stay. */
export function setCipherSuite(bytes: Uint8Array, start: number, suite: number): void {
  const kept = flagsAt(bytes, start) & (fragmentedFlag | hopsMask);
  bytes[start + flagsOffset] = kept | (suite << suiteShift) | (suite === 1 ? encryptedFlag : 0);
}

/** Whether this is the first piece of a packet in several. */
export function isFragmentedAt(bytes: Uint8Array, start: number): boolean {
  return (flagsAt(bytes, start) & fragmentedFlag) !== 0;
}

/** 0 to 31. Of an opened packet: it is encrypted in suites 1 and 3. */
export function verbAt(bytes: Uint8Array, start: number): number {
  return (bytes[start + verbOffset] as number) & verbMask;
}

/** Whether the payload of an opened packet says that it is an LZ4 block; see `compression.ts` for when that counts. */
export function isCompressedAt(bytes: Uint8Array, start: number): boolean {
  return ((bytes[start + verbOffset] as number) & compressedFlag) !== 0;
}

/** Sets or clears the mark of a compressed payload; the verb stays. */
export function setCompressed(bytes: Uint8Array, start: number, compressed: boolean): void {
  const verb = bytes[start + verbOffset] as number;
  bytes[start + verbOffset] = compressed ? verb | compressedFlag : verb & ~compressedFlag;
}

function writeAddress(bytes: Uint8Array, at: number, address: Address): void {
  bytes[at] = Math.floor(address / 0x1_0000_0000);
  setU32(bytes, at + 1, address % 0x1_0000_0000);
}
