/**
 * When a packet's payload is an LZ4 block, and how it becomes one: before sealing, and after opening.
 *
 * Source: vl1 2.11. The block replaces everything after the verb, and bit 7 of the verb byte says so.
 */
import { assert } from '../../base/errors.ts';
import type { DropReason } from '../drop-reason.ts';
import {
  cipherSuiteAt,
  headerLength,
  isCompressedAt,
  packetLengthMax,
  setCompressed,
  verbAt,
} from './header.ts';
import { compressBlock, decompressBlock } from './lz4.ts';

/** Payloads up to this are sent as they are. */
export const uncompressedPayloadMax = 64;
/** Bytes of the largest payload: 9996. */
export const payloadLengthMax: number = packetLengthMax - headerLength;

const helloVerb = 0x01;
/** Compressed bytes before they replace the plain ones: one process, one packet at a time. */
const scratch = new Uint8Array(packetLengthMax);

/**
 * Compresses the payload of a packet that is not sealed yet, in place, where that makes it smaller and is allowed: not of a
 * HELLO, not of 64 bytes or less. Sets the mark when it did.
 *
 * @returns the new end, or `end` where nothing changed
 */
export function compressPacket(bytes: Uint8Array, start: number, end: number): number {
  const payload = start + headerLength;
  const length = end - payload;
  assert(length >= 0 && length <= payloadLengthMax, 'a packet has a size that is allowed');
  assert(!isCompressedAt(bytes, start), 'a packet is compressed once');
  if (length <= uncompressedPayloadMax || verbAt(bytes, start) === helloVerb) return end;
  const compressedLength = compressBlock(bytes, payload, end, scratch, 0, length - 1);
  if (compressedLength < 0) return end;
  bytes.set(scratch.subarray(0, compressedLength), payload);
  setCompressed(bytes, start, true);
  return payload + compressedLength;
}

/** Whether an opened packet has to go through {@link decompressPacket}. A HELLO in suite 0 never has, whatever it says. */
export function needsDecompression(bytes: Uint8Array, start: number): boolean {
  if (!isCompressedAt(bytes, start)) return false;
  return cipherSuiteAt(bytes, start) !== 0 || verbAt(bytes, start) !== helloVerb;
}

/**
 * Copies an opened packet with its payload decompressed and the mark cleared; one without the mark is copied as it is. A
 * mark on an empty payload means nothing.
 *
 * @param out - another buffer, with room for {@link packetLengthMax} bytes from `outStart` on
 * @returns the end of the packet in `out`; `bad-compression` for a block that is damaged, empty or too large
 */
export function decompressPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart: number,
): number | DropReason {
  const payload = start + headerLength;
  const outPayload = outStart + headerLength;
  const outEndMax = outStart + packetLengthMax;
  if (payload > end) return 'not-a-packet';
  assert(outEndMax <= out.length, 'there is room for the largest packet');
  if (!needsDecompression(bytes, start)) {
    if (end - start > packetLengthMax) return 'not-a-packet';
    out.set(bytes.subarray(start, end), outStart);
    return outStart + (end - start);
  }
  for (let i = 0; i < headerLength; i++) out[outStart + i] = bytes[start + i] as number;
  setCompressed(out, outStart, false);
  if (payload === end) return outPayload;
  const outEnd = decompressBlock(bytes, payload, end, out, outPayload, outEndMax);
  return outEnd > outPayload ? outEnd : 'bad-compression';
}
