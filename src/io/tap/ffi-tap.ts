/**
 * TAP devices of Linux: /dev/net/tun, a device of our own for as long as the descriptor is open, so that it vanishes
 * with the process however that ends. Polled on the event loop; up to 32 frames a wake, read into one arena that all
 * devices of the process share.
 *
 * Source: Documentation/networking/tuntap.rst of the kernel, <linux/if_tun.h>.
 */
import { closeSync, constants, openSync } from 'node:fs';

import { assert, errorCode, errorMessage } from '../../base/errors.ts';
import type { NetworkId } from '../../base/ids.ts';
import type { FrameBatch } from '../../core/ports.ts';
import { again, errnoName, interrupted } from '../../sys/ffi/errno.ts';
import { libc, type Libc } from '../../sys/ffi/libc.ts';
import { watchDescriptor, type DescriptorWatch } from '../../sys/ffi/poll.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { Rtnetlink } from '../netif/rtnetlink.ts';
import { deviceGroups } from './device-groups.ts';
import { checkDeviceName } from './device-name.ts';
import { tapError } from './errors.ts';
import {
  frameLengthMax,
  tapMtuMax,
  tapMtuMin,
  type OpenTap,
  type Tap,
  type TapCounters,
  type TapOptions,
} from './port.ts';
import { ReadBatch } from './read-batch.ts';

/** The way of making devices. @throws TAP_UNAVAILABLE where the C library cannot be called */
export function ffiTap(load: () => Libc = libc): OpenTap {
  let library: Libc;
  try {
    library = load();
  } catch (cause) {
    throw tapError(
      'TAP_UNAVAILABLE',
      `a TAP device takes ioctl(2), which Node.js does not have: ${errorMessage(cause)}`,
      {
        remedy:
          'use 64-bit Linux on x64 or arm64 with the optional package koffi: npm install koffi',
        cause,
      },
    );
  }
  const batch = new ReadBatch();
  return (options) => new FfiTap(library, batch, options);
}

class FfiTap implements Tap {
  readonly name: string;
  readonly networkId: NetworkId;
  readonly counters: TapCounters = { read: 0, written: 0, lost: 0, lastLoss: null };
  readonly #libc: Libc;
  readonly #batch: ReadBatch;
  readonly #options: TapOptions;
  readonly #watch: DescriptorWatch;
  #descriptor: number;

  constructor(library: Libc, batch: ReadBatch, options: TapOptions) {
    const { name, networkId, mtu } = options;
    checkDeviceName(name);
    assert(mtu >= tapMtuMin && mtu <= tapMtuMax, 'an MTU is within its bounds');
    this.name = name;
    this.networkId = networkId;
    this.#libc = library;
    this.#batch = batch;
    this.#options = options;
    this.#descriptor = openTun();
    try {
      attach(library, this.#descriptor, name);
      setUp(library, options);
      this.#watch = watchDescriptor(library, this.#descriptor, (status) => {
        if (status < 0) this.#lose();
        else this.#read();
      });
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  write(batch: FrameBatch, indices: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const index = indices[i] as number;
      const [start, end] = [batch.starts[index] as number, batch.ends[index] as number];
      const result = this.#writeOne(batch.bytes, start, end);
      if (result >= 0) this.counters.written++;
      else this.#countLoss(result);
    }
  }

  groups(): readonly MulticastGroup[] {
    return this.#descriptor < 0 ? [] : deviceGroups(this.name);
  }

  close(): void {
    if (this.#descriptor < 0) return;
    this.#watch.close();
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #writeOne(bytes: Uint8Array, start: number, end: number): number {
    if (this.#descriptor < 0) return closed;
    // The kernel would take up to 64 KiB, which no card of this MTU receives.
    if (end - start > frameLengthMax) return tooLong;
    return this.#libc.write(this.#descriptor, bytes, start, end);
  }

  #read(): void {
    const batch = this.#batch;
    batch.clear();
    let isLost = false;
    while (!batch.isFull) {
      const start = batch.nextStart;
      // The kernel cuts off what has no room: one byte more shows a frame that is too long, on a device whose MTU was
      // raised by somebody else.
      const end = start + frameLengthMax + 1;
      const length = this.#libc.read(this.#descriptor, batch.bytes, start, end);
      if (length > frameLengthMax) this.#countLoss(tooLong);
      else if (length > 0) batch.add(length, this.networkId);
      else {
        isLost = length < 0 && length !== again && length !== interrupted;
        break;
      }
    }
    this.counters.read += batch.count;
    if (batch.count > 0) this.#options.onFrames(batch);
    if (isLost) this.#lose();
  }

  #countLoss(result: number): void {
    this.counters.lost++;
    this.counters.lastLoss = errnoName(result);
  }

  /** The device was deleted under us: the descriptor is of no use any more. */
  #lose(): void {
    if (this.#descriptor < 0) return;
    this.close();
    this.#options.onGone?.();
  }
}

/** EBADF, EMSGSIZE. */
const [closed, tooLong] = [-9, -90];

const tunDevice = '/dev/net/tun';

/** By Node's own open(2). @throws TAP_MISSING, TAP_PERMISSION, TAP_REFUSED */
function openTun(): number {
  try {
    return openSync(tunDevice, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (cause) {
    throw openError(errorCode(cause) ?? errorMessage(cause), cause);
  }
}

/** Makes the device. @throws TAP_BUSY, TAP_PERMISSION, TAP_REFUSED */
function attach(library: Libc, descriptor: number, name: string): void {
  // struct ifreq: the name, 16 bytes, then the flags.
  const request = new Uint8Array(40);
  request.set(new TextEncoder().encode(name));
  new DataView(request.buffer).setUint16(16, tapFlags, true);
  const result = library.ioctl(descriptor, setInterface, request);
  if (result < 0) throw attachError(errnoName(result), name);
}

/** IFF_TAP, IFF_NO_PI (nothing in front of frames), IFF_TUN_EXCL (never a device that is there). */
const tapFlags = 0x0002 | 0x1000 | 0x8000;
/** TUNSETIFF. */
const setInterface = 0x4004_54ca;

/** Gives the device its address and MTU, then brings it up. @throws TAP_PERMISSION, TAP_REFUSED */
function setUp(library: Libc, { name, mac, mtu }: TapOptions): void {
  const kernel = new Rtnetlink(library);
  try {
    const link = kernel.link(name);
    const result =
      typeof link === 'number' ? link : kernel.setLink(link.index, { mac, mtu, isUp: true });
    if (result < 0) throw attachError(errnoName(result), name);
  } finally {
    kernel.close();
  }
}

function openError(name: string, cause: unknown): Error {
  switch (name) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return tapError('TAP_MISSING', `${tunDevice} is not there`, {
        remedy:
          'sudo modprobe tun; in a container, start it with --device /dev/net/tun --cap-add NET_ADMIN',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return permissionError(`${tunDevice} may not be opened by this user`, cause);
    default:
      return refusedError(`${tunDevice} cannot be opened: ${name}`, cause);
  }
}

function attachError(name: string, device: string): Error {
  switch (name) {
    case 'EBUSY':
    case 'EEXIST':
      return tapError('TAP_BUSY', `there is a network device ${device} already`, {
        remedy: `see what it is: ip -d link show dev ${device}; end the program that has it, or: sudo ip link delete ${device}`,
        details: { device },
      });
    case 'EPERM':
    case 'EACCES':
      return permissionError(`the network device ${device} may not be made by this user`);
    default:
      return refusedError(`the network device ${device} cannot be made: ${name}`);
  }
}

function permissionError(message: string, cause?: unknown): Error {
  return tapError('TAP_PERMISSION', message, {
    remedy:
      'run it as root, or give it CAP_NET_ADMIN, or try it without either in a namespace of your own: unshare -rn overspan up',
    ...(cause !== undefined && { cause }),
  });
}

function refusedError(message: string, cause?: unknown): Error {
  return tapError('TAP_REFUSED', message, {
    remedy: 'see what the kernel says of it: sudo dmesg | tail',
    ...(cause !== undefined && { cause }),
  });
}
