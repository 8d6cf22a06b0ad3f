/** What the two formats of capture files have in common: a frame, and how a format is read piece by piece. */
import { escapeText } from '../../base/escape.ts';
import { pcapError } from './errors.ts';
import type { OverspanError } from '../../base/errors.ts';

/** The longest frame that is read: what tcpdump never exceeds. A longer one means that the file is damaged. */
export const frameBytesMax = 262_144;

/** One captured frame. */
export interface CapturedFrame {
  /** Its number in the file, from 1, as other programs count. */
  readonly number: number;
  /** When it was seen, in nanoseconds since the Unix epoch; null where the file does not say. */
  readonly timeNs: bigint | null;
  /** One of the registered LINKTYPE numbers: how {@link bytes} begins. */
  readonly linkType: number;
  /** What was kept of it. A view that is valid until the next frame is asked for. */
  readonly bytes: Uint8Array;
  /** How long it was on the wire; more than `bytes` where the capture was made with a limit. */
  readonly lengthOnWire: number;
}

/** A record of a capture file. */
export interface CaptureBlock {
  /** All bytes of it in the file; may be more than are there yet, where nothing of it is wanted. */
  readonly length: number;
  readonly frame: Omit<CapturedFrame, 'number'> | null;
}

/** A format whose beginning has been recognised. */
export interface CaptureFormat {
  /**
   * Takes the record that begins at `start`.
   *
   * @param bytes - borrowed; holds the file in [start, end). @param at - the offset of `start` in the file
   * @returns the record; null where more bytes are needed
   * @throws PCAP_DAMAGED
   */
  take(bytes: Uint8Array, start: number, end: number, at: number): CaptureBlock | null;
}

/** Bytes read with the byte order that a file declares. */
export interface OrderedView {
  u16(at: number): number;
  u32(at: number): number;
  i64(at: number): bigint;
}

/** @param bytes - borrowed */
export function orderedView(bytes: Uint8Array, littleEndian: boolean): OrderedView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    u16: (at) => view.getUint16(at, littleEndian),
    u32: (at) => view.getUint32(at, littleEndian),
    i64: (at) => view.getBigInt64(at, littleEndian),
  };
}

/** PCAP_DAMAGED at an offset of a file. */
export function damaged(name: string, at: number, what: string): OverspanError {
  return pcapError('PCAP_DAMAGED', `${escapeText(name, 4096)}, byte ${at}: ${what}`, {
    remedy: 'capture again: tcpdump -w FILE; or repair it: pcapfix FILE',
    details: { offset: at },
  });
}
