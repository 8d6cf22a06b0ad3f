/**
 * Frames that follow each other in one TCP stream, joined to one that the kernel takes through its stack once: the
 * opposite of `segmentation.ts`. Only neighbours are joined, which is how they come: a burst of one stream at a time.
 *
 * Joined are frames of IPv4 without options or fragments, or IPv6 without extension headers, that carry TCP with payload
 * and no flag but ACK and PSH, are alike in every header field but length, ID, checksums, sequence number and PSH, follow
 * each other in sequence, and are of one length but the last. The kernel takes the checksum of what is joined for
 * granted, so each one's is checked before.
 *
 * Source: how Linux does it in tcp_gro_receive, Documentation/networking/segmentation-offloads.rst.
 */
import { setU16, u16At, u32At } from '../../wire/big-endian.ts';
import { internetChecksum } from '../../wire/ethernet/checksum.ts';
import { ethernetHeaderLength, etherTypes } from '../../wire/ethernet/ethernet.ts';
import {
  clearVirtioHeader,
  virtioFlags,
  virtioHeaderLength,
  virtioSegmentation,
  writeVirtioHeader,
} from './virtio-header.ts';
import { foldSum, SummedMemory } from './word-sum.ts';

/** Takes what is to be written: [start, end) of the memory, its header in front, `count` frames of the batch in it. */
export type WriteJoined = (bytes: Uint8Array, start: number, end: number, count: number) => void;

const ip = ethernetHeaderLength;
const [push, acknowledgement] = [0x08, 0x10];
const tcpProtocol = 6;
const ipLengthMax = 65_535;

/** Joins. After the last {@link add} of a batch: {@link flush}. */
export class Coalescer {
  readonly #memory = new SummedMemory(virtioHeaderLength + ip + ipLengthMax);
  readonly #write: WriteJoined;
  /** Frames that are held. */
  #count = 0;
  /** Bytes of the held frame, without what stands in front. */
  #length = 0;
  /** Where TCP begins in it; 0: nothing can be joined to it. */
  #tcp = 0;
  /** Bytes of all its headers. */
  #headers = 0;
  /** Bytes of payload of its first frame. */
  #step = 0;
  #nextSequence = 0;
  /** A shorter frame or one with PSH has been joined: the last. */
  #isEnded = false;

  constructor(write: WriteJoined) {
    this.#write = write;
  }

  /** Takes a frame. What cannot be joined to it is written. @param bytes - borrowed; the frame is [start, end) */
  add(bytes: Uint8Array, start: number, end: number): void {
    const tcp = tcpOffset(bytes, start, end);
    if (this.#count > 0 && tcp !== 0 && this.#joins(bytes, start, end, tcp)) return;
    this.flush();
    const length = end - start;
    const held = this.#memory.bytes;
    held.set(bytes.subarray(start, end), frameAt);
    this.#count = 1;
    this.#length = length;
    this.#tcp = tcp;
    if (tcp === 0) return;
    this.#headers = tcp + tcpLengthAt(held, frameAt + tcp);
    this.#step = length - this.#headers;
    this.#nextSequence = (u32At(held, frameAt + tcp + 4) + this.#step) >>> 0;
    this.#isEnded = hasPush(held, frameAt + tcp);
  }

  /** Writes what is held. */
  flush(): void {
    if (this.#count === 0) return;
    const { bytes } = this.#memory;
    if (this.#count === 1) clearVirtioHeader(bytes, 0);
    else this.#complete(bytes);
    const count = this.#count;
    this.#count = 0;
    this.#write(bytes, 0, frameAt + this.#length, count);
  }

  #joins(bytes: Uint8Array, start: number, end: number, tcp: number): boolean {
    const held = this.#memory.bytes;
    if (this.#tcp !== tcp || this.#isEnded) return false;
    const headers = tcp + tcpLengthAt(bytes, start + tcp);
    const payload = end - start - headers;
    const length = this.#length + payload;
    if (headers !== this.#headers || payload > this.#step || length - ip > ipLengthMax)
      return false;
    if (u32At(bytes, start + tcp + 4) !== this.#nextSequence) return false;
    if (!areAlike(held, bytes, start, tcp, headers)) return false;
    if (this.#count === 1 && !this.#isRight(frameAt, this.#length, frameAt + headers)) return false;
    const at = frameAt + this.#length;
    held.set(bytes.subarray(start + headers, end), at);
    if (!this.#isRightWith(bytes, start, headers, at, at + payload)) return false;
    this.#length = length;
    this.#count++;
    this.#nextSequence = (this.#nextSequence + payload) >>> 0;
    if (hasPush(bytes, start + tcp)) {
      held[frameAt + tcp + 13] = (held[frameAt + tcp + 13] as number) | push;
      this.#isEnded = true;
    }
    if (payload < this.#step) this.#isEnded = true;
    return true;
  }

  /** Whether the checksum of the first frame, which is held whole, is right. */
  #isRight(frame: number, length: number, payload: number): boolean {
    return this.#isRightWith(this.#memory.bytes, frame, payload - frame, payload, frame + length);
  }

  /** Whether the checksum of a frame is right: its headers from `start` in `bytes`, its payload [from, to) held. */
  #isRightWith(
    bytes: Uint8Array,
    start: number,
    headers: number,
    from: number,
    to: number,
  ): boolean {
    const tcp = start + this.#tcp;
    let sum = pseudoSum(bytes, start, this.#tcp, start + headers - tcp + to - from);
    for (let at = tcp; at < start + headers; at += 2) sum += u16At(bytes, at);
    return foldSum(sum + this.#memory.wordSum(from, to)) === 0xffff;
  }

  /** Makes one frame of what is joined: its lengths, and the sum of the pseudo header where the kernel wants it. */
  #complete(held: Uint8Array): void {
    const isIpv4 = u16At(held, frameAt + 12) === etherTypes.ipv4;
    if (isIpv4) {
      setU16(held, frameAt + ip + 2, this.#length - ip);
      setU16(held, frameAt + ip + 10, 0);
      setU16(held, frameAt + ip + 10, internetChecksum(held, frameAt + ip, frameAt + this.#tcp));
    } else setU16(held, frameAt + ip + 4, this.#length - ip - 40);
    const tcpLength = this.#length - this.#tcp;
    const pseudo = foldSum(pseudoSum(held, frameAt, this.#tcp, tcpLength));
    setU16(held, frameAt + this.#tcp + checksumOffset, pseudo);
    writeVirtioHeader(held, 0, {
      flags: virtioFlags.needsChecksum,
      segmentation: isIpv4 ? virtioSegmentation.tcpIpv4 : virtioSegmentation.tcpIpv6,
      headerLength: this.#headers,
      segmentLength: this.#step,
      checksumStart: this.#tcp,
      checksumOffset,
    });
  }
}

/** Where the held frame begins. */
const frameAt = virtioHeaderLength;
/** Of the checksum in a TCP header. */
const checksumOffset = 16;

/** Where TCP begins in a frame that may be joined to others; 0: it may not. */
function tcpOffset(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const etherType = u16At(bytes, start + 12);
  const at = start + ip;
  let tcp = 0;
  if (etherType === etherTypes.ipv4 && length >= ip + 40) {
    const isPlain = bytes[at] === 0x45 && bytes[at + 9] === tcpProtocol;
    // No more fragments, and none before.
    const isWhole = (u16At(bytes, at + 6) & 0x3fff) === 0;
    if (isPlain && isWhole && u16At(bytes, at + 2) === length - ip) tcp = ip + 20;
  } else if (etherType === etherTypes.ipv6 && length >= ip + 60) {
    const isPlain = (bytes[at] as number) >> 4 === 6 && bytes[at + 6] === tcpProtocol;
    if (isPlain && u16At(bytes, at + 4) === length - ip - 40) tcp = ip + 40;
  }
  if (tcp === 0) return 0;
  const tcpLength = tcpLengthAt(bytes, start + tcp);
  const flags = (bytes[start + tcp + 13] as number) & ~push;
  const hasPayload = tcpLength >= 20 && tcp + tcpLength < length;
  return hasPayload && flags === acknowledgement ? tcp : 0;
}

function tcpLengthAt(bytes: Uint8Array, tcp: number): number {
  return ((bytes[tcp + 12] as number) >> 4) * 4;
}

function hasPush(bytes: Uint8Array, tcp: number): boolean {
  return ((bytes[tcp + 13] as number) & push) !== 0;
}

/** Whether all is alike that has to be, between the held frame and another of the same kind and lengths of headers. */
function areAlike(
  held: Uint8Array,
  bytes: Uint8Array,
  start: number,
  tcp: number,
  headers: number,
): boolean {
  const isIpv4 = tcp === ip + 20;
  for (let i = 0; i < headers; i++) {
    if (held[frameAt + i] === bytes[start + i]) continue;
    const inIp = i - ip;
    const inTcp = i - tcp;
    const mayDiffer = isIpv4
      ? inIp === 2 || inIp === 3 || inIp === 4 || inIp === 5 || inIp === 10 || inIp === 11
      : inIp === 4 || inIp === 5;
    // Sequence number, flags (of which only PSH is left to differ), checksum.
    if (mayDiffer || (inTcp >= 4 && inTcp < 8) || inTcp === 13 || inTcp === 16 || inTcp === 17)
      continue;
    return false;
  }
  return true;
}

function pseudoSum(bytes: Uint8Array, start: number, tcp: number, tcpLength: number): number {
  const isIpv4 = tcp === ip + 20;
  let sum = tcpProtocol + tcpLength;
  const from = start + ip + (isIpv4 ? 12 : 8);
  for (let at = from; at < start + tcp; at += 2) sum += u16At(bytes, at);
  return sum;
}
