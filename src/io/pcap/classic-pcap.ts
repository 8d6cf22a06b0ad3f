/**
 * The classic capture file of libpcap (draft-ietf-opsawg-pcap), in the byte order of the machine that wrote it.
 *
 * | offset | size | file header                                   |
 * | ------ | ---- | --------------------------------------------- |
 * | 0      | 4    | `a1b2c3d4` times in µs, `a1b23c4d` in ns      |
 * | 4      | 2+2  | version 2.4                                   |
 * | 8      | 8    | unused                                        |
 * | 16     | 4    | snapshot length                               |
 * | 20     | 4    | link type in the low 16 bits                  |
 *
 * A record: seconds (4), µs or ns (4), bytes kept (4), bytes on the wire (4), the bytes.
 */
import { nsPerS } from '../../base/clock.ts';
import { escapeText } from '../../base/escape.ts';
import {
  damaged,
  frameBytesMax,
  orderedView,
  type CaptureBlock,
  type CaptureFormat,
} from './capture-format.ts';
import { pcapError } from './errors.ts';
import { isLinkTypeKnown } from './udp-datagram.ts';

const fileHeaderLength = 24;
const recordHeaderLength = 16;

const magics: Readonly<Record<number, { littleEndian: boolean; nsPerUnit: bigint }>> = {
  0xa1b2c3d4: { littleEndian: false, nsPerUnit: 1000n },
  0xd4c3b2a1: { littleEndian: true, nsPerUnit: 1000n },
  0xa1b23c4d: { littleEndian: false, nsPerUnit: 1n },
  0x4d3cb2a1: { littleEndian: true, nsPerUnit: 1n },
};

/** Whether a file that begins with these four bytes (big-endian) is of this format. */
export function isClassicPcap(magic: number): boolean {
  return magics[magic] !== undefined;
}

/** The format, with what its file header says. */
export class ClassicPcap implements CaptureFormat {
  readonly #name: string;
  readonly #littleEndian: boolean;
  readonly #nsPerUnit: bigint;
  #linkType: number | null = null;

  /** @param magic - the first four bytes, big-endian, that {@link isClassicPcap} knows. @param name - for messages */
  constructor(magic: number, name: string) {
    this.#name = name;
    const { littleEndian = false, nsPerUnit = 1n } = magics[magic] ?? {};
    this.#littleEndian = littleEndian;
    this.#nsPerUnit = nsPerUnit;
  }

  take(bytes: Uint8Array, start: number, end: number, at: number): CaptureBlock | null {
    const view = orderedView(bytes, this.#littleEndian);
    if (this.#linkType === null) {
      if (end - start < fileHeaderLength) return null;
      this.#linkType = view.u16(start + (this.#littleEndian ? 20 : 22));
      this.#requireKnownLink(this.#linkType);
      return { length: fileHeaderLength, frame: null };
    }
    if (end - start < recordHeaderLength) return null;
    const kept = view.u32(start + 8);
    if (kept > frameBytesMax) throw damaged(this.#name, at, `a record of ${kept} bytes`);
    const length = recordHeaderLength + kept;
    if (end - start < length) return null;
    const units = BigInt(view.u32(start + 4));
    return {
      length,
      frame: {
        timeNs: BigInt(view.u32(start)) * BigInt(nsPerS) + units * this.#nsPerUnit,
        linkType: this.#linkType,
        bytes: bytes.subarray(start + recordHeaderLength, start + length),
        lengthOnWire: view.u32(start + 12),
      },
    };
  }

  #requireKnownLink(linkType: number): void {
    if (isLinkTypeKnown(linkType)) return;
    throw pcapError(
      'PCAP_LINK_TYPE_UNKNOWN',
      `${escapeText(this.#name, 4096)} was captured on an interface of link type ${linkType}`,
      {
        remedy: 'capture on an Ethernet interface or on all: tcpdump -i any -w FILE',
        details: { linkType },
      },
    );
  }
}
