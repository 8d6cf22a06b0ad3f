/** Ethernet frames of the captures: of the virtual network (decrypted) and of the network below. */
import { capturedRecords, hex, loadBytes } from './load.ts';

/** What follows an Ethernet header, and its kind. */
export interface FramePayload {
  /** `frame 138` of the capture. */
  readonly name: string;
  readonly etherType: number;
  readonly bytes: Uint8Array;
}

/** Every frame that the members sent each other, in order (vl2.md 3.1, 3.2 and 3.5; none of them has a certificate). */
export function virtualFrames(): FramePayload[] {
  return capturedRecords().flatMap(({ frame, verb, payload }) => {
    if (payload === undefined) return [];
    const bytes = hex(payload);
    const at = etherTypeOffset(verb, bytes[8]!);
    if (at < 0) return [];
    const etherType = (bytes[at]! << 8) | bytes[at + 1]!;
    return [{ name: `frame ${frame}`, etherType, bytes: bytes.slice(at + 2) }];
  });
}

/** Whole frames of the bridge below, with their Ethernet headers, in order; frame 1 is the first (`flow.pcap`). */
export function underlayFrames(): Uint8Array[] {
  const file = loadBytes('captures/flow.pcap');
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const frames: Uint8Array[] = [];
  for (let at = 24; at < file.length; ) {
    const length = view.getUint32(at + 8, true);
    frames.push(file.slice(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}

function etherTypeOffset(verb: string | undefined, flags: number): number {
  switch (verb) {
    case 'FRAME':
      return 8;
    case 'EXT_FRAME':
      return 9 + 12;
    case 'MULTICAST_FRAME':
      return 9 + (flags & 0x02 ? 4 : 0) + (flags & 0x04 ? 6 : 0) + 10;
    default:
      return -1;
  }
}
