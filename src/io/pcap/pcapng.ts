/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each `type(4) length(4) … length(4)`, padded to 4 bytes.
 *
 * | block        | body that is read                                                                       |
 * | ------------ | --------------------------------------------------------------------------------------- |
 * | `0a0d0d0a`   | section header: `1a2b3c4d` in the section's byte order; interfaces begin anew           |
 * | 1            | interface: link type (2), 2 unused, snapshot length (4), options: 9 units, 14 offset    |
 * | 2            | old packet: interface (2), drops (2), time (4+4), kept (4), on the wire (4), bytes      |
 * | 3            | simple packet: on the wire (4), bytes                                                   |
 * | 6            | packet: interface (4), time (4+4), kept (4), on the wire (4), bytes                     |
 *
 * All other blocks are skipped, however long they are.
 */
import { nsPerS } from '../../base/clock.ts';
import {
  damaged,
  frameBytesMax,
  orderedView,
  type CaptureBlock,
  type CaptureFormat,
  type OrderedView,
} from './capture-format.ts';

/** The type of the block that every section begins with: the same in both byte orders. */
export const sectionHeaderBlock = 0x0a0d0d0a;
const interfaceBlock = 1;
const oldPacketBlock = 2;
const simplePacketBlock = 3;
const packetBlock = 6;

const byteOrderMagic = 0x1a2b3c4d;
const blockOverhead = 12;
/** Of a block that is read: the longest frame, its fields, and room for options. */
const readBlockBytesMax = frameBytesMax + 65_536;
const interfacesMax = 4096;

interface Interface {
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Nanoseconds of a time, from its units since the epoch. */
  readonly toNs: (units: bigint) => bigint;
}

/** The format, with the section that is being read. */
export class Pcapng implements CaptureFormat {
  readonly #name: string;
  #littleEndian = false;
  #interfaces: Interface[] = [];

  /** @param name - for messages */
  constructor(name: string) {
    this.#name = name;
  }

  take(bytes: Uint8Array, start: number, end: number, at: number): CaptureBlock | null {
    if (end - start < blockOverhead) return null;
    const type = orderedView(bytes, this.#littleEndian).u32(start);
    if (type === sectionHeaderBlock) this.#beginSection(bytes, start, at);
    const view = orderedView(bytes, this.#littleEndian);
    const length = view.u32(start + 4);
    if (length < blockOverhead || length % 4 !== 0)
      throw damaged(this.#name, at, `a block of ${length} bytes`);
    const isRead =
      type === interfaceBlock ||
      type === oldPacketBlock ||
      type === simplePacketBlock ||
      type === packetBlock;
    if (!isRead) return { length, frame: null };
    if (length > readBlockBytesMax) throw damaged(this.#name, at, `a block of ${length} bytes`);
    if (end - start < length) return null;
    const body = { view, bytes, start: start + 8, end: start + length - 4, at };
    if (type !== interfaceBlock) return { length, frame: this.#frame(type, body) };
    this.#addInterface(body);
    return { length, frame: null };
  }

  #beginSection(bytes: Uint8Array, start: number, at: number): void {
    const big = orderedView(bytes, false).u32(start + 8);
    const little = orderedView(bytes, true).u32(start + 8);
    if (big !== byteOrderMagic && little !== byteOrderMagic)
      throw damaged(this.#name, at, 'a section of an unknown byte order');
    this.#littleEndian = little === byteOrderMagic;
    this.#interfaces = [];
  }

  #addInterface(body: Body): void {
    const { view, start, end, at } = body;
    if (end - start < 8 || this.#interfaces.length === interfacesMax)
      throw damaged(this.#name, at, 'an interface that is cut, or one too many');
    this.#interfaces.push({
      linkType: view.u16(start),
      snapshotLength: view.u32(start + 4),
      toNs: timesOf({ ...body, start: start + 8 }),
    });
  }

  #frame(type: number, { view, bytes, start, end, at }: Body): CaptureBlock['frame'] {
    const isSimple = type === simplePacketBlock;
    const fields = isSimple ? 4 : 20;
    if (end - start < fields) throw damaged(this.#name, at, 'a packet that is cut');
    const number = isSimple ? 0 : type === packetBlock ? view.u32(start) : view.u16(start);
    const face = this.#interfaces[number];
    if (face === undefined) throw damaged(this.#name, at, `a packet of no interface (${number})`);
    const lengthOnWire = view.u32(start + fields - 4);
    const limit = face.snapshotLength === 0 ? lengthOnWire : face.snapshotLength;
    const kept = isSimple ? Math.min(lengthOnWire, limit) : view.u32(start + 12);
    if (kept > frameBytesMax || kept > end - start - fields)
      throw damaged(this.#name, at, `a packet of ${kept} bytes in a shorter block`);
    const units = isSimple
      ? null
      : (BigInt(view.u32(start + 4)) << 32n) | BigInt(view.u32(start + 8));
    return {
      timeNs: units === null ? null : face.toNs(units),
      linkType: face.linkType,
      bytes: bytes.subarray(start + fields, start + fields + kept),
      lengthOnWire,
    };
  }
}

/** The body of a block: [start, end) of `bytes`; `at` is where the block begins in the file. */
interface Body {
  readonly view: OrderedView;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** Reads the options of an interface: in which units, and from when, its times count. Default: µs since the epoch. */
function timesOf({ view, bytes, start, end }: Body): Interface['toNs'] {
  let unitsPerSecond = 1_000_000n;
  let offsetSeconds = 0n;
  for (let at = start; end - at >= 4;) {
    const code = view.u16(at);
    const length = view.u16(at + 2);
    if (code === 0 || length > end - at - 4) break;
    if (code === 9 && length === 1) {
      const power = bytes[at + 4] as number;
      unitsPerSecond = power & 0x80 ? 1n << BigInt(power & 0x7f) : 10n ** BigInt(power);
    }
    if (code === 14 && length === 8) offsetSeconds = view.i64(at + 4);
    at += 4 + ((length + 3) & ~3);
  }
  const second = BigInt(nsPerS);
  return (units) => (units * second) / unitsPerSecond + offsetSeconds * second;
}
