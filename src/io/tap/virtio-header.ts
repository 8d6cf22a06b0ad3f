/**
 * What stands in front of a frame on a device with IFF_VNET_HDR: how much of it is left to be done by whoever gets it.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | flags: 1: the checksum is to be filled in |
 * | 1 | 1 | kind of segmentation: 0 none, 1 TCP over IPv4, 4 TCP over IPv6; 0x80: with ECN |
 * | 2 | 2 | bytes of all headers |
 * | 4 | 2 | bytes of payload of each segment |
 * | 6 | 2 | where the range of the checksum starts: at the TCP or UDP header |
 * | 8 | 2 | where in that range it is to be written |
 *
 * Offsets are from the first byte of the frame. In the byte order of the machine, which is little-endian here (`libc.ts`).
 * Source: <linux/virtio_net.h>, `struct virtio_net_hdr`.
 */

export const virtioHeaderLength = 10;

/** Bits of {@link VirtioHeader.flags}. */
export const virtioFlags = { needsChecksum: 1 } as const;

/** Values of {@link VirtioHeader.segmentation}, without the bit of ECN. */
export const virtioSegmentation = { none: 0, tcpIpv4: 1, tcpIpv6: 4 } as const;
const ecnBit = 0x80;

/** The fields. */
export interface VirtioHeader {
  readonly flags: number;
  readonly segmentation: number;
  readonly headerLength: number;
  readonly segmentLength: number;
  readonly checksumStart: number;
  readonly checksumOffset: number;
}

export function virtioFlagsAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

export function virtioSegmentationAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1] as number) & ~ecnBit;
}

export function virtioSegmentLengthAt(bytes: Uint8Array, at: number): number {
  return u16At(bytes, at + 4);
}

export function virtioChecksumStartAt(bytes: Uint8Array, at: number): number {
  return u16At(bytes, at + 6);
}

export function virtioChecksumOffsetAt(bytes: Uint8Array, at: number): number {
  return u16At(bytes, at + 8);
}

/** Writes one. */
export function writeVirtioHeader(bytes: Uint8Array, at: number, header: VirtioHeader): void {
  bytes[at] = header.flags;
  bytes[at + 1] = header.segmentation;
  setU16(bytes, at + 2, header.headerLength);
  setU16(bytes, at + 4, header.segmentLength);
  setU16(bytes, at + 6, header.checksumStart);
  setU16(bytes, at + 8, header.checksumOffset);
}

/** Writes one of a frame that is complete. */
export function clearVirtioHeader(bytes: Uint8Array, at: number): void {
  bytes.fill(0, at, at + virtioHeaderLength);
}

function u16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >>> 8;
}
