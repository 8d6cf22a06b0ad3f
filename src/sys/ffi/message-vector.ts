/**
 * Many datagrams in one system call: the structures that recvmmsg(2) and sendmmsg(2) take, made once and used again.
 *
 * | struct mmsghdr, offset | bytes | field |
 * |---|---|---|
 * | 0 | 8 | address of the socket address |
 * | 8 | 4 | its length; the kernel writes the real one. 4 bytes of padding |
 * | 16 | 8 | address of the iovec (address 8, length 8) |
 * | 24 | 8 | number of iovecs: 1 |
 * | 32 | 8 | address of the control message |
 * | 40 | 8 | its length |
 * | 48 | 4 | flags; the kernel writes them. 4 bytes of padding |
 * | 56 | 4 | length of the datagram; the kernel writes it. 4 bytes of padding |
 *
 * A message has at most one control message, struct cmsghdr { length 8, level 4, type 4 } and then a number: sent, the
 * time-to-live (int) or UDP_SEGMENT (16 bits), the length at which the kernel cuts one long buffer into datagrams;
 * received, UDP_GRO (int), the length of the datagrams that the kernel has joined. udp(7), Linux 4.18 and 5.0.
 * Layout: 64-bit Linux, <bits/socket.h>; checked against `sizeof` and `offsetof` of glibc 2.36.
 */
import { assert } from '../../base/errors.ts';
import { mmsghdrLength, type Libc } from './libc.ts';
import {
  socketAddressLengthMax,
  writeSocketAddress,
  type SocketAddress,
} from './socket-address.ts';

const iovecLength = 16;
/** A sockaddr_in6 of 28 bytes, on a multiple of 8. */
const nameLength = 32;
const controlLength = 24;
const partLength = mmsghdrLength + iovecLength + nameLength + controlLength;

/** One block of memory with `count` of each structure: first all headers, then all iovecs, names, control messages. */
class MessageVector {
  readonly countMax: number;
  protected readonly libc: Libc;
  /** The whole block. */
  protected readonly block: Uint8Array;
  protected readonly view: DataView;
  protected readonly iovecs: number;
  protected readonly names: number;
  protected readonly controls: number;

  constructor(libc: Libc, countMax: number) {
    this.libc = libc;
    this.countMax = countMax;
    this.block = new Uint8Array(countMax * partLength);
    this.view = new DataView(this.block.buffer);
    this.iovecs = countMax * mmsghdrLength;
    this.names = this.iovecs + countMax * iovecLength;
    this.controls = this.names + countMax * nameLength;
    const base = libc.addressOf(this.block);
    for (let i = 0; i < countMax; i++) {
      const header = i * mmsghdrLength;
      this.setU64(header, base + this.names + i * nameLength);
      this.setU64(header + 16, base + this.iovecs + i * iovecLength);
      this.setU64(header + 24, 1);
    }
  }

  protected controlAt(i: number): number {
    return this.controls + i * controlLength;
  }

  /** A number below 2⁵³, without the BigInt that `setBigUint64` takes. */
  protected setU64(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
    this.view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }
}

/** Receives datagrams into slots of one arena. */
export class MessageReceiver extends MessageVector {
  /** All slots; the message `i` begins at `i * slotLength`. */
  readonly bytes: Uint8Array;
  readonly slotLength: number;
  /** Messages at the beginning of the vector whose lengths the kernel has written. */
  #used: number;

  constructor(libc: Libc, countMax: number, slotLength: number) {
    super(libc, countMax);
    this.#used = countMax;
    this.slotLength = slotLength;
    this.bytes = new Uint8Array(countMax * slotLength);
    const base = libc.addressOf(this.bytes);
    for (let i = 0; i < countMax; i++) {
      this.setU64(this.iovecs + i * iovecLength, base + i * slotLength);
      this.setU64(this.iovecs + i * iovecLength + 8, slotLength);
      this.setU64(i * mmsghdrLength + 32, libc.addressOf(this.block) + this.controlAt(i));
    }
  }

  /** Receives what is there, without waiting. @returns how many messages, or an error number, EAGAIN for none */
  receive(descriptor: number): number {
    // The kernel has written how long each address and control message is, which is how long the next may be.
    for (let i = 0; i < this.#used; i++) {
      this.view.setUint32(i * mmsghdrLength + 8, socketAddressLengthMax, true);
      this.setU64(i * mmsghdrLength + 40, controlLength);
    }
    const count = this.libc.recvmmsg(descriptor, this.block, this.countMax);
    this.#used = Math.max(0, count);
    return count;
  }

  lengthAt(i: number): number {
    return this.view.getUint32(i * mmsghdrLength + 56, true);
  }

  /** The length of the datagrams that were joined to this message, the last one shorter; 0: it is one datagram. */
  segmentLengthAt(i: number): number {
    if (this.view.getUint32(i * mmsghdrLength + 40, true) < controlHeaderLength + 4) return 0;
    const control = this.controlAt(i);
    const isJoined =
      this.view.getInt32(control + 8, true) === segmentMessages.level &&
      this.view.getInt32(control + 12, true) === segmentMessages.received;
    return isJoined ? this.view.getInt32(control + 16, true) : 0;
  }

  /** Whether a datagram was longer than a slot, and its end is lost. */
  isTruncatedAt(i: number): boolean {
    return (this.view.getUint32(i * mmsghdrLength + 48, true) & messageTruncated) !== 0;
  }

  /** Where the sender's socket address lies in {@link addresses}. */
  addressAt(i: number): number {
    return this.names + i * nameLength;
  }

  /** Holds the socket addresses. */
  get addresses(): Uint8Array {
    return this.block;
  }
}

/** Sends datagrams that lie anywhere. */
export class MessageSender extends MessageVector {
  #count = 0;

  /** How many are to be sent. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.countMax;
  }

  /**
   * Adds a datagram, or several of one length that follow each other.
   *
   * @param bytes - borrowed until {@link clear}; the datagrams are [start, end)
   * @param ttl - hops that it may make; 0: what the system has
   * @param segmentLength - of each of several, but the last, which may be shorter; they have the system's ttl. 0: it is one
   */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    to: SocketAddress,
    ttl: number,
    segmentLength = 0,
  ): void {
    assert(!this.isFull, 'a full vector is sent first');
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its array');
    const i = this.#count++;
    const [header, iovec] = [i * mmsghdrLength, this.iovecs + i * iovecLength];
    this.setU64(iovec, this.libc.addressOf(bytes) + start);
    this.setU64(iovec + 8, end - start);
    const length = writeSocketAddress(this.block, this.names + i * nameLength, to);
    this.view.setUint32(header + 8, length, true);
    if (segmentLength > 0) this.#setSegment(header, this.controlAt(i), segmentLength);
    else if (ttl > 0) this.#setTtl(header, this.controlAt(i), to, ttl);
    else this.setU64(header + 40, 0);
  }

  /** Sends those from `first` on. @returns how many went, or the error number of the first */
  send(descriptor: number, first: number): number {
    return this.libc.sendmmsg(descriptor, this.block, first, this.#count - first);
  }

  /** Starts again. */
  clear(): void {
    this.#count = 0;
  }

  #setTtl(header: number, control: number, to: SocketAddress, ttl: number): void {
    const { level, type } = to.kind === 'ipv4' ? ttlMessages.ipv4 : ttlMessages.ipv6;
    this.#setControl(header, control, { level, type, length: 4 });
    this.view.setInt32(control + 16, ttl, true);
  }

  #setSegment(header: number, control: number, segmentLength: number): void {
    const { level, sent } = segmentMessages;
    this.#setControl(header, control, { level, type: sent, length: 2 });
    this.view.setUint16(control + 16, segmentLength, true);
  }

  #setControl(
    header: number,
    control: number,
    { level, type, length }: { readonly level: number; readonly type: number; length: number },
  ): void {
    this.setU64(control, controlHeaderLength + length);
    this.view.setInt32(control + 8, level, true);
    this.view.setInt32(control + 12, type, true);
    this.setU64(header + 32, this.libc.addressOf(this.block) + control);
    this.setU64(header + 40, controlLength);
  }
}

const messageTruncated = 0x20;
const controlHeaderLength = 16;
/** IPPROTO_IP with IP_TTL, IPPROTO_IPV6 with IPV6_HOPLIMIT. */
const ttlMessages = { ipv4: { level: 0, type: 2 }, ipv6: { level: 41, type: 52 } } as const;
/** SOL_UDP with UDP_SEGMENT, UDP_GRO. */
const segmentMessages = { level: 17, sent: 103, received: 104 } as const;
