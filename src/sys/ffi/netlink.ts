/**
 * Asking the kernel about links, addresses and routes, and being told of changes: a netlink socket, and its messages.
 *
 * A message: length 4, type 2, flags 2, sequence 4, port 4; then a header of its type; then attributes, each length 2,
 * type 2 and a value, beginning at a multiple of 4. All in the order of the machine. The kernel answers a request
 * before `write` returns, so that nothing here waits. Source: netlink(7), rtnetlink(7).
 *
 * Not `ip`: a process with CAP_NET_ADMIN alone cannot hand that on to a program that it starts.
 */
import { assert } from '../../base/errors.ts';
import { errnoName } from './errno.ts';
import { ffiError } from './errors.ts';
import type { Libc } from './libc.ts';

/** Flags of a request. */
export const netlinkFlags = { request: 1, ack: 4, exclusive: 0x200, create: 0x400 } as const;

const headerLength = 16;
const errorType = 2;
/** AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE. */
const [netlinkFamily, rawSocket, routeProtocol] = [16, 0x8_0803, 0];

/** Writes one message: the header of its type, then attributes. */
export class NetlinkMessage {
  readonly #view = new DataView(new ArrayBuffer(256));
  #length = headerLength;

  /** @param header - of this type, borrowed */
  constructor(type: number, flags: number, header: Uint8Array) {
    this.#view.setUint16(4, type, true);
    this.#view.setUint16(6, flags | netlinkFlags.request | netlinkFlags.ack, true);
    this.#append(header);
  }

  /** Adds an attribute. @param value - at most a few dozen bytes, borrowed */
  attribute(type: number, value: Uint8Array): this {
    this.#view.setUint16(this.#length, 4 + value.length, true);
    this.#view.setUint16(this.#length + 2, type, true);
    this.#length += 4;
    this.#append(value);
    return this;
  }

  attributeU32(type: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return this.attribute(type, bytes);
  }

  /** The message with its length. */
  finish(): Uint8Array {
    this.#view.setUint32(0, this.#length, true);
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }

  #append(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    assert(end <= this.#view.byteLength, 'a netlink message of ours is short');
    new Uint8Array(this.#view.buffer).set(bytes, this.#length);
    this.#length = (end + 3) & ~3;
  }
}

/** What the kernel said to a request. */
export interface NetlinkAnswer {
  /** 0, or a negated error number. */
  readonly result: number;
  /** The message that it answered with, without its netlink header; null where there was none. */
  readonly payload: Uint8Array | null;
}

/** A socket. */
export class NetlinkSocket {
  readonly descriptor: number;
  readonly #libc: Libc;
  readonly #bytes = new Uint8Array(32_768);
  #isOpen = true;

  /**
   * @param groups - a mask of the groups whose changes are told: rtnetlink(7), `RTMGRP_*`; 0 for requests alone
   * @throws FFI_UNAVAILABLE where the system refuses
   */
  constructor(libc: Libc, groups = 0) {
    this.#libc = libc;
    this.descriptor = libc.socket(netlinkFamily, rawSocket, routeProtocol);
    if (this.descriptor < 0) throw refused(this.descriptor);
    const address = new Uint8Array(12);
    const view = new DataView(address.buffer);
    view.setUint16(0, netlinkFamily, true);
    view.setUint32(8, groups, true);
    const result = libc.bind(this.descriptor, address);
    if (result >= 0) return;
    libc.close(this.descriptor);
    throw refused(result);
  }

  /** Asks, and gives what was answered. */
  request(message: NetlinkMessage): NetlinkAnswer {
    assert(this.#isOpen, 'an open socket is asked');
    const bytes = message.finish();
    const written = this.#libc.write(this.descriptor, bytes, 0, bytes.length);
    if (written < 0) return { result: written, payload: null };
    let payload: Uint8Array | null = null;
    for (;;) {
      const length = this.#libc.read(this.descriptor, this.#bytes, 0, this.#bytes.length);
      if (length < 0) return { result: length, payload };
      const view = new DataView(this.#bytes.buffer, 0, length);
      for (let at = 0; at + headerLength <= length;) {
        const end = at + Math.max(view.getUint32(at, true), headerLength);
        if (view.getUint16(at + 4, true) === errorType)
          return { result: view.getInt32(at + headerLength, true), payload };
        payload = this.#bytes.slice(at + headerLength, end);
        at = (end + 3) & ~3;
      }
    }
  }

  /** Takes what was told and throws it away. @returns whether there was something */
  drain(): boolean {
    let any = false;
    // Told too much at once (ENOBUFS), the kernel drops some: that, too, is news. The bound only guards against a storm.
    for (let i = 0; i < 1000; i++) {
      const length = this.#libc.read(this.descriptor, this.#bytes, 0, this.#bytes.length);
      if (length < 0 && errnoName(length) !== 'ENOBUFS') break;
      any = true;
    }
    return any;
  }

  /** Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#libc.close(this.descriptor);
  }
}

/** The value of the first attribute of a type; null where there is none. @param start - after the header of the type */
export function netlinkAttribute(
  payload: Uint8Array,
  start: number,
  type: number,
): Uint8Array | null {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (let at = start; at + 4 <= payload.length;) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > payload.length) return null;
    // The two upper bits of a type are flags.
    if ((view.getUint16(at + 2, true) & 0x3fff) === type)
      return payload.subarray(at + 4, at + length);
    at = (at + length + 3) & ~3;
  }
  return null;
}

function refused(result: number): Error {
  return ffiError('FFI_UNAVAILABLE', `no netlink socket: ${errnoName(result)}`, {
    remedy:
      'allow the address family AF_NETLINK (RestrictAddressFamilies= of the service, seccomp)',
    details: { error: errnoName(result) },
  });
}
