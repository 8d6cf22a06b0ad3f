/**
 * The functions of the C library that Node.js has nothing for. Each takes a range of an array, checks that it lies in
 * the array, and returns what the system call returns, or the negated error number.
 *
 * Linux, 64 bits, little-endian (x86-64 and AArch64: the layouts of structures in this folder are the same there).
 * `ioctl` is variadic in C; on both of these a variadic argument that is no floating-point number is passed like any
 * other. Source: the manual pages, section 2.
 */
import { endianness } from 'node:os';

import { assert, errorMessage } from '../../base/errors.ts';
import { ffiError } from './errors.ts';
import {
  bindFunctions,
  ForeignMemory,
  requireKoffi,
  type ForeignFunction,
  type ForeignSystem,
} from './foreign.ts';

const signatures = {
  socket: ['int', ['int', 'int', 'int']],
  bind: ['int', ['int', 'pointer', 'uint32']],
  getsockname: ['int', ['int', 'pointer', 'pointer']],
  setsockopt: ['int', ['int', 'int', 'int', 'pointer', 'uint32']],
  recvmmsg: ['int', ['int', 'pointer', 'uint32', 'int', 'pointer']],
  sendmmsg: ['int', ['int', 'pointer', 'uint32', 'int']],
  read: ['int64', ['int', 'pointer', 'size_t']],
  write: ['int64', ['int', 'pointer', 'size_t']],
  ioctl: ['int', ['int', 'size_t', 'pointer']],
  close: ['int', ['int']],
} as const;

/** The bound functions. */
export class Libc {
  readonly #foreign: ForeignSystem;
  readonly #memory: ForeignMemory;
  readonly #call: Readonly<Record<keyof typeof signatures, ForeignFunction>>;
  readonly #scratch = new Uint8Array(128);

  /** @param foreign - koffi; another one in tests */
  constructor(foreign: ForeignSystem) {
    this.#foreign = foreign;
    this.#memory = new ForeignMemory(foreign);
    this.#call = bindFunctions(foreign, signatures);
  }

  /** For the watches of `poll.ts`. */
  get foreign(): ForeignSystem {
    return this.#foreign;
  }

  socket(family: number, type: number, protocol: number): number {
    return this.#checked(this.#call.socket(family, type, protocol));
  }

  /** @param address - a socket address, borrowed */
  bind(descriptor: number, address: Uint8Array): number {
    const at = this.#memory.addressOf(address);
    return this.#checked(this.#call.bind(descriptor, at, address.length));
  }

  /** What a socket is bound to. @param address - written @returns the length of the socket address */
  getsockname(descriptor: number, address: Uint8Array): number {
    const length = this.#scratch.subarray(0, 4);
    new DataView(length.buffer).setUint32(0, address.length, true);
    const [at, lengthAt] = [this.#memory.addressOf(address), this.#memory.addressOf(length)];
    const result = this.#checked(this.#call.getsockname(descriptor, at, lengthAt));
    return result < 0 ? result : new DataView(length.buffer).getUint32(0, true);
  }

  /** Sets an option that is an `int`. */
  setsockopt(descriptor: number, level: number, option: number, value: number): number {
    new DataView(this.#scratch.buffer).setInt32(0, value, true);
    const at = this.#memory.addressOf(this.#scratch);
    return this.#checked(this.#call.setsockopt(descriptor, level, option, at, 4));
  }

  /** @param request - its number; the kernel copies as much from and to `argument` as that says: give it the room */
  ioctl(descriptor: number, request: number, argument: Uint8Array): number {
    assert(argument.length >= ioctlLength(request), 'an ioctl has the room that it asks for');
    return this.#checked(this.#call.ioctl(descriptor, request, this.#memory.addressOf(argument)));
  }

  /** An ioctl whose argument is a number. */
  ioctlValue(descriptor: number, request: number, value: number): number {
    return this.#checked(this.#call.ioctl(descriptor, request, value));
  }

  /** Reads into [start, end). @returns how many bytes */
  read(descriptor: number, bytes: Uint8Array, start: number, end: number): number {
    const at = this.#rangeAt(bytes, start, end);
    return this.#checked(this.#call.read(descriptor, at, end - start));
  }

  /** Writes [start, end). @returns how many bytes */
  write(descriptor: number, bytes: Uint8Array, start: number, end: number): number {
    const at = this.#rangeAt(bytes, start, end);
    return this.#checked(this.#call.write(descriptor, at, end - start));
  }

  /**
   * @param vector - mmsghdr structures whose addresses are right: only `message-vector.ts` makes them
   * @param first - the first structure that is used. @param count - of structures, all inside the vector
   */
  sendmmsg(descriptor: number, vector: Uint8Array, first: number, count: number): number {
    const at = this.#rangeAt(vector, first * mmsghdrLength, (first + count) * mmsghdrLength);
    return this.#checked(this.#call.sendmmsg(descriptor, at, count, messageDontWait));
  }

  /** As {@link sendmmsg}, receiving. */
  recvmmsg(descriptor: number, vector: Uint8Array, count: number): number {
    const at = this.#rangeAt(vector, 0, count * mmsghdrLength);
    return this.#checked(this.#call.recvmmsg(descriptor, at, count, messageDontWait, 0));
  }

  close(descriptor: number): void {
    this.#call.close(descriptor);
  }

  /** Where an array lies: for `message-vector.ts` alone, which writes addresses into structures. */
  addressOf(bytes: Uint8Array): number {
    return this.#memory.addressOf(bytes);
  }

  #rangeAt(bytes: Uint8Array, start: number, end: number): number {
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its array');
    return this.#memory.addressOf(bytes) + start;
  }

  #checked(result: number): number {
    return result < 0 ? -this.#foreign.errno() : result;
  }
}

/** Bytes of `struct mmsghdr`. */
export const mmsghdrLength = 64;
const messageDontWait = 0x40;

let loaded: Libc | undefined;

/**
 * The C library of this process, bound when first asked for.
 *
 * @throws FFI_UNAVAILABLE as {@link bindLibc}
 */
export function libc(): Libc {
  return (loaded ??= bindLibc(process, requireKoffi));
}

/**
 * Binds the C library.
 *
 * @throws FFI_UNAVAILABLE on another system than 64-bit Linux, or where koffi is not there
 */
export function bindLibc(
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>,
  load: () => ForeignSystem,
): Libc {
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch) || endianness() !== 'LE')
    throw unavailable(`the layouts of ${platform} on ${arch} are not known`);
  try {
    return new Libc(load());
  } catch (cause) {
    throw unavailable(errorMessage(cause), cause);
  }
}

/** Bytes that an ioctl number of the form of `_IOW` says are copied; the old ones of sockets take a `struct ifreq`. */
function ioctlLength(request: number): number {
  const said = (request >>> 16) & 0x3fff;
  return Math.max(said, 40);
}

function unavailable(reason: string, cause?: unknown): Error {
  return ffiError('FFI_UNAVAILABLE', `The C library cannot be called: ${reason}`, {
    remedy:
      'Use 64-bit Linux on x64 or arm64, and install the optional package koffi: npm install koffi',
    ...(cause !== undefined && { cause }),
  });
}
