/**
 * A TAP device inside the process, and the machine behind it, for tests and for members without a device of the kernel.
 */
import { assert } from '../../base/errors.ts';
import type { Mac, NetworkId } from '../../base/ids.ts';
import type { FrameBatch } from '../../core/ports.ts';
import { ethernetHeaderLength } from '../../wire/ethernet/ethernet.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { checkDeviceName } from './device-name.ts';
import { tapError } from './errors.ts';
import {
  frameCountMax,
  frameLengthMax,
  groupsMax,
  tapMtuMax,
  tapMtuMin,
  type OpenTap,
  type Tap,
  type TapCounters,
  type TapOptions,
} from './port.ts';
import { ReadBatch } from './read-batch.ts';

/** Frames that wait in the device to be read; beyond them is loss. The kernel's has as many. */
export const memoryFramesMax = 1000;

/** A machine with devices. */
export class MemoryMachine {
  readonly #devices = new Map<string, MemoryTap>();

  /** Makes a device of this machine. */
  readonly openTap: OpenTap = (options) => {
    const { name, mtu } = options;
    checkDeviceName(name);
    assert(mtu >= tapMtuMin && mtu <= tapMtuMax, 'an MTU is within its bounds');
    if (this.#devices.has(name))
      throw tapError('TAP_BUSY', `there is a network device ${name} already`, {
        remedy: 'close it, or choose another name',
        details: { device: name },
      });
    const tap = new MemoryTap(options, () => this.#devices.delete(name));
    this.#devices.set(name, tap);
    return tap;
  };

  /** The machine's side of a device; undefined where there is none of the name. */
  device(name: string): MemoryDevice | undefined {
    return this.#devices.get(name)?.device;
  }
}

/** A device as its machine sees it. */
export interface MemoryDevice {
  readonly mac: Mac;
  readonly mtu: number;
  /** Sends a frame, which the tap reads. @param frame - copied */
  readonly send: (frame: Uint8Array) => void;
  /** Gets each frame that was written to the tap, with bytes of its own. */
  onFrame: ((frame: Uint8Array) => void) | null;
  /** What the machine listens to. */
  groups: readonly MulticastGroup[];
  /** Deletes the device, as somebody else might. */
  readonly delete: () => void;
}

class MemoryTap implements Tap {
  readonly name: string;
  readonly networkId: NetworkId;
  readonly counters: TapCounters = { read: 0, written: 0, lost: 0, lastLoss: null };
  readonly device: MemoryDevice;
  readonly #options: TapOptions;
  readonly #forget: () => void;
  readonly #waiting: Uint8Array[] = [];
  readonly #batch = new ReadBatch();
  #handOn: NodeJS.Immediate | null = null;
  #isOpen = true;

  constructor(options: TapOptions, forget: () => void) {
    this.name = options.name;
    this.networkId = options.networkId;
    this.#options = options;
    this.#forget = forget;
    this.device = {
      mac: options.mac,
      mtu: options.mtu,
      onFrame: null,
      groups: [],
      send: (frame) => {
        this.#take(frame);
      },
      delete: () => {
        if (!this.#isOpen) return;
        this.close();
        options.onGone?.();
      },
    };
  }

  write(batch: FrameBatch, indices: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const index = indices[i] as number;
      const frame = batch.bytes.slice(batch.starts[index], batch.ends[index]);
      const loss = this.#lossOf(frame);
      if (loss === null) {
        this.counters.written++;
        this.device.onFrame?.(frame);
      } else {
        this.counters.lost++;
        this.counters.lastLoss = loss;
      }
    }
  }

  groups(): readonly MulticastGroup[] {
    return this.#isOpen ? this.device.groups.slice(0, groupsMax) : [];
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#handOn !== null) clearImmediate(this.#handOn);
    this.#waiting.length = 0;
    this.#forget();
  }

  #lossOf(frame: Uint8Array): string | null {
    if (!this.#isOpen) return 'EBADF';
    if (frame.length < ethernetHeaderLength) return 'EINVAL';
    return frame.length > frameLengthMax ? 'EMSGSIZE' : null;
  }

  #take(frame: Uint8Array): void {
    if (!this.#isOpen || this.#waiting.length >= memoryFramesMax) return;
    this.#waiting.push(frame.slice());
    this.#handOn ??= setImmediate(() => {
      this.#deliver();
    });
  }

  #deliver(): void {
    this.#handOn = null;
    const batch = this.#batch;
    batch.clear();
    for (const frame of this.#waiting.splice(0, frameCountMax)) {
      batch.bytes.set(frame, batch.nextStart);
      batch.add(frame.length, this.networkId);
    }
    if (this.#waiting.length > 0)
      this.#handOn = setImmediate(() => {
        this.#deliver();
      });
    this.counters.read += batch.count;
    this.#options.onFrames(batch);
  }
}
