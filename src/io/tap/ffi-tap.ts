/**
 * TAP devices of Linux: /dev/net/tun, a device of our own for as long as the descriptor is open, so that it vanishes
 * with the process however that ends. Polled on the event loop, read into one arena that all devices of the process share.
 *
 * The kernel hands over, and takes, runs of TCP as one (IFF_VNET_HDR, TUNSETOFFLOAD): one call for up to 64 KiB. They are
 * cut and joined here (`segmentation.ts`, `coalescing.ts`); a kernel that refuses hands over frames one by one.
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
import { userNamespaceRemedy } from '../../sys/user-namespaces.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { Rtnetlink } from '../netif/rtnetlink.ts';
import { Coalescer } from './coalescing.ts';
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
import { permissionRemedy } from './permission-remedy.ts';
import { ReadBatch } from './read-batch.ts';
import { segment, superFrameLengthMax, type FrameSink } from './segmentation.ts';
import { SummedMemory } from './word-sum.ts';

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
  let arena: Arena | undefined;
  return (options) => new FfiTap(library, (arena ??= new Arena()), options);
}

/** Reads of one wake; how much of a flood goes before other descriptors have their turn. */
const readsMax = 32;
const readBytesMax = 256 * 1024;

/** The memory that devices share: in front what is read, behind it the frames that it is made into. */
class Arena {
  readonly memory = new SummedMemory(arenaLength);
  readonly batch = new ReadBatch(this.memory.bytes, stagingLength);
}

/** A multiple of 64, for what is read at once. */
const stagingLength = Math.ceil(superFrameLengthMax / 64) * 64;
/** Staging and frames for several of it. */
const arenaLength = 6 * 65_536;

class FfiTap implements Tap, FrameSink {
  readonly name: string;
  readonly networkId: NetworkId;
  readonly counters: TapCounters = { read: 0, written: 0, lost: 0, lastLoss: null };
  readonly #libc: Libc;
  readonly #arena: Arena;
  readonly #coalescer: Coalescer;
  readonly #options: TapOptions;
  readonly #watch: DescriptorWatch;
  #descriptor: number;

  constructor(library: Libc, arena: Arena, options: TapOptions) {
    const { name, networkId, mtu } = options;
    checkDeviceName(name);
    assert(mtu >= tapMtuMin && mtu <= tapMtuMax, 'an MTU is within its bounds');
    this.name = name;
    this.networkId = networkId;
    this.#libc = library;
    this.#arena = arena;
    this.#options = options;
    this.#coalescer = new Coalescer((bytes, start, end, count) => {
      this.#writeOne(bytes, start, end, count);
    });
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
      // The kernel would take up to 64 KiB, which no card of this MTU receives.
      if (end - start <= frameLengthMax) this.#coalescer.add(batch.bytes, start, end);
      else {
        this.#coalescer.flush();
        this.#countLoss('EMSGSIZE');
      }
    }
    this.#coalescer.flush();
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

  #writeOne(bytes: Uint8Array, start: number, end: number, count: number): void {
    const result =
      this.#descriptor < 0 ? closed : this.#libc.write(this.#descriptor, bytes, start, end);
    if (result >= 0) this.counters.written += count;
    else this.#countLoss(errnoName(result), count);
  }

  #read(): void {
    const { memory } = this.#arena;
    let isLost = false;
    let total = 0;
    for (let i = 0; i < readsMax && total < readBytesMax; i++) {
      const length = this.#libc.read(this.#descriptor, memory.bytes, 0, stagingLength);
      if (length <= 0) {
        isLost = length < 0 && length !== again && length !== interrupted;
        break;
      }
      total += length;
      const failure = segment(memory, 0, length, this);
      if (failure !== null) this.#countLoss(failure);
      // It was closed by what it has handed on.
      if (this.#descriptor < 0) return;
    }
    this.#handOn();
    if (isLost) this.#lose();
  }

  /** Of {@link FrameSink}: where the next frame that was read is to lie. */
  room(length: number): number {
    const { batch } = this.#arena;
    if (!batch.hasRoom(length)) this.#handOn();
    return batch.nextStart;
  }

  /** Of {@link FrameSink}. */
  take(length: number): void {
    this.#arena.batch.add(length, this.networkId);
  }

  #handOn(): void {
    const { batch } = this.#arena;
    if (batch.count > 0 && this.#descriptor >= 0) {
      this.counters.read += batch.count;
      this.#options.onFrames(batch);
    }
    batch.clear();
  }

  #countLoss(name: string, count = 1): void {
    this.counters.lost += count;
    this.counters.lastLoss = name;
  }

  /** The device was deleted under us: the descriptor is of no use any more. */
  #lose(): void {
    if (this.#descriptor < 0) return;
    this.close();
    this.#options.onGone?.();
  }
}

/** EBADF. */
const closed = -9;

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
  // Where it is refused, frames come one by one and complete.
  library.ioctlValue(descriptor, setOffload, offloads);
}

/**
 * IFF_TAP, IFF_NO_PI (no protocol in front of frames), IFF_VNET_HDR (but what they lack), IFF_TUN_EXCL (never a device
 * that is there).
 */
const tapFlags = 0x0002 | 0x1000 | 0x4000 | 0x8000;
/** TUNSETIFF, TUNSETOFFLOAD. */
const [setInterface, setOffload] = [0x4004_54ca, 0x4004_54d0];
/** TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6. */
const offloads = 0x01 | 0x02 | 0x04;

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
    remedy: permissionRemedy({
      isRoot: process.getuid?.() === 0,
      refusesNamespaces: userNamespaceRemedy() !== null,
    }),
    ...(cause !== undefined && { cause }),
  });
}

function refusedError(message: string, cause?: unknown): Error {
  return tapError('TAP_REFUSED', message, {
    remedy: 'see what the kernel says of it: sudo dmesg | tail',
    ...(cause !== undefined && { cause }),
  });
}
