/**
 * A packet that is larger than a datagram: cut after sealing, in place.
 *
 * The first piece is the packet's own first bytes, with 0x40 in its flags. Every further piece has a header:
 *
 * | Offset | Size | Field |
 * |---|---|---|
 * | 0 | 8 | packet ID, as sealed |
 * | 8 | 5 | destination |
 * | 13 | 1 | 0xff |
 * | 14 | 1 | high nibble: pieces in all, the first included; low nibble: which one, from 1 |
 * | 15 | 1 | hops in the low 3 bits |
 * | 16 | … | data |
 *
 * Source: vl1 2.4. No piece but the first names the sender, and none is authenticated alone.
 */
import { assert } from '../../base/errors.ts';
import type { DropReason } from '../drop-reason.ts';
import {
  destinationOffset,
  fragmentMark,
  fragmentMarkOffset,
  hopsAt,
  isFragmentedAt,
} from './header.ts';

/** Bytes before the data of a further piece. */
export const fragmentHeaderLength = 16;
/** Pieces of one packet at most; the field would allow 15. */
export const fragmentsMax = 7;
/** Bytes of a datagram that every path carries, as the protocol assumes. */
export const defaultPhysicalMtu = 1432;

const countOffset = 14;
const hopsOffset = 15;
const hopsMask = 0x07;
/** Packet ID and destination: what a piece repeats of the header. */
const sharedLength = destinationOffset + 5;

/**
 * How to cut: `full` fills every datagram but the last, as the reference does; `equal` makes the fewest datagrams too,
 * but of one length (the last may be shorter by less than their number): what one segmenting send can carry.
 */
export type Cut = 'full' | 'equal';

/** In how many datagrams a packet goes; more than {@link fragmentsMax} cannot be sent. */
export function pieceCount(packetLength: number, mtu: number): number {
  if (packetLength <= mtu) return 1;
  return 1 + Math.ceil((packetLength - mtu) / (mtu - fragmentHeaderLength));
}

/** Bytes of each datagram of a packet but the last, their headers included. */
export function pieceLength(packetLength: number, mtu: number, cut: Cut): number {
  if (cut === 'full') return mtu;
  const count = pieceCount(packetLength, mtu);
  return Math.ceil((packetLength + (count - 1) * fragmentHeaderLength) / count);
}

/**
 * Cuts a sealed packet where it lies: its pieces follow each other, so that piece i begins at `start + i × length`. The
 * buffer has 16 bytes of room after `end` for every piece but the first.
 *
 * @param length - of every piece but the last, from {@link pieceLength}
 * @returns the end of the last piece
 */
export function splitPacket(bytes: Uint8Array, start: number, end: number, length: number): number {
  const step = length - fragmentHeaderLength;
  const count = pieceCount(end - start, length);
  const newEnd = end + (count - 1) * fragmentHeaderLength;
  if (count === 1) return end;
  assert(count <= fragmentsMax, 'a packet is cut into 7 pieces at most');
  assert(newEnd <= bytes.length, 'there is room for the headers of the pieces');
  assert(isFragmentedAt(bytes, start), 'the fragment flag was set before sealing');
  // Last piece first: each moves up by 16 bytes for every header before it, out of the way of the next.
  for (let index = count - 1, dataEnd = end; index >= 1; index--) {
    const dataStart = start + length + (index - 1) * step;
    const at = start + index * length;
    bytes.copyWithin(at + fragmentHeaderLength, dataStart, dataEnd);
    for (let i = 0; i < sharedLength; i++) bytes[at + i] = bytes[start + i] as number;
    bytes[at + fragmentMarkOffset] = fragmentMark;
    bytes[at + countOffset] = (count << 4) | index;
    bytes[at + hopsOffset] = hopsAt(bytes, start);
    dataEnd = dataStart;
  }
  return newEnd;
}

/** Why a fragment's numbers are not allowed, null when they are. Stricter than vl1 2.4: its index is below its count. */
export function checkFragment(bytes: Uint8Array, start: number, end: number): DropReason | null {
  if (end - start <= fragmentHeaderLength) return 'not-a-packet';
  const count = fragmentCountAt(bytes, start);
  const index = fragmentIndexAt(bytes, start);
  return count >= 2 && count <= fragmentsMax && index >= 1 && index < count ? null : 'bad-fragment';
}

/** Pieces in all, the first included. */
export function fragmentCountAt(bytes: Uint8Array, start: number): number {
  return (bytes[start + countOffset] as number) >> 4;
}

/** Which piece a fragment is; the head, which has no such field, would be 0. */
export function fragmentIndexAt(bytes: Uint8Array, start: number): number {
  return (bytes[start + countOffset] as number) & 0x0f;
}

/** How many relays a fragment has passed. */
export function fragmentHopsAt(bytes: Uint8Array, start: number): number {
  return (bytes[start + hopsOffset] as number) & hopsMask;
}

/** One more hop. The caller has seen that there is room: see `relayHopsMax`. */
export function incrementFragmentHops(bytes: Uint8Array, start: number): void {
  assert(fragmentHopsAt(bytes, start) < hopsMask, 'hops fit their three bits');
  bytes[start + hopsOffset] = (bytes[start + hopsOffset] as number) + 1;
}
