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
 * The one control message that is sent is the time-to-live of a datagram: struct cmsghdr { length 8, level 4, type 4 },
 * then an int. UDP_SEGMENT, which cuts one long buffer into many datagrams, would be a second one beside it.
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

  /** A number below 2⁵³, without the BigInt that `setBigUint64` takes. */
  protected setU64(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
    this.view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }
}

/** Receives datagrams into slots of one arena. */
export class MessageReceiver extends MessageVector {
  /** All slots; the datagram `i` begins at `i * slotLength`. */
  readonly bytes: Uint8Array;
  readonly slotLength: number;

  constructor(libc: Libc, countMax: number, slotLength: number) {
    super(libc, countMax);
    this.slotLength = slotLength;
    this.bytes = new Uint8Array(countMax * slotLength);
    const base = libc.addressOf(this.bytes);
    for (let i = 0; i < countMax; i++) {
      this.setU64(this.iovecs + i * iovecLength, base + i * slotLength);
      this.setU64(this.iovecs + i * iovecLength + 8, slotLength);
      this.view.setUint32(i * mmsghdrLength + 8, socketAddressLengthMax, true);
    }
  }

  /** Receives what is there, without waiting. @returns how many datagrams, or an error number, EAGAIN for none */
  receive(descriptor: number): number {
    const count = this.libc.recvmmsg(descriptor, this.block, this.countMax);
    // The kernel wrote how long each address is, which for the next one is how long it may be.
    for (let i = 0; i < count; i++)
      this.view.setUint32(i * mmsghdrLength + 8, socketAddressLengthMax, true);
    return count;
  }

  lengthAt(i: number): number {
    return this.view.getUint32(i * mmsghdrLength + 56, true);
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
   * Adds a datagram.
   *
   * @param bytes - borrowed until {@link clear}; the datagram is [start, end)
   * @param ttl - hops that it may make; 0: what the system has
   */
  add(bytes: Uint8Array, start: number, end: number, to: SocketAddress, ttl: number): void {
    assert(!this.isFull, 'a full vector is sent first');
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its array');
    const i = this.#count++;
    const [header, iovec] = [i * mmsghdrLength, this.iovecs + i * iovecLength];
    this.setU64(iovec, this.libc.addressOf(bytes) + start);
    this.setU64(iovec + 8, end - start);
    const length = writeSocketAddress(this.block, this.names + i * nameLength, to);
    this.view.setUint32(header + 8, length, true);
    if (ttl === 0) this.setU64(header + 40, 0);
    else this.#setTtl(header, this.controls + i * controlLength, to, ttl);
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
    this.setU64(control, controlHeaderLength + 4);
    this.view.setInt32(control + 8, level, true);
    this.view.setInt32(control + 12, type, true);
    this.view.setInt32(control + 16, ttl, true);
    this.setU64(header + 32, this.libc.addressOf(this.block) + control);
    this.setU64(header + 40, controlLength);
  }
}

const messageTruncated = 0x20;
const controlHeaderLength = 16;
/** IPPROTO_IP with IP_TTL, IPPROTO_IPV6 with IPV6_HOPLIMIT. */
const ttlMessages = { ipv4: { level: 0, type: 2 }, ipv6: { level: 41, type: 52 } } as const;
