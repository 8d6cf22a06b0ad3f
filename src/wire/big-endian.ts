/**
 * Numbers at an offset, most significant byte first, for the packet path: no reader, no view. The caller has checked that
 * the bytes are there.
 */

/** Two bytes. */
export function u16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Four bytes. */
export function u32At(bytes: Uint8Array, at: number): number {
  return ((u16At(bytes, at) << 16) | u16At(bytes, at + 2)) >>> 0;
}

/** Five bytes: a node's address. */
export function u40At(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 0x1_0000_0000 + u32At(bytes, at + 1);
}

/** Writes two bytes. */
export function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 0xff;
}

/** Writes four bytes. */
export function setU32(bytes: Uint8Array, at: number, value: number): void {
  setU16(bytes, at, value >>> 16);
  setU16(bytes, at + 2, value & 0xffff);
}
