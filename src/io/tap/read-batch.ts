/** A batch of frames that were read, made once and filled again for each wake. */
import type { NetworkId } from '../../base/ids.ts';
import type { FrameBatch } from '../../core/ports.ts';
import { frameCountMax, frameLengthMax } from './port.ts';

/** Frames begin on a cache line. */
const alignment = 64;

export class ReadBatch implements FrameBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array = new Int32Array(frameCountMax);
  readonly ends: Int32Array = new Int32Array(frameCountMax);
  readonly networks: NetworkId[] = new Array<NetworkId>(frameCountMax).fill(0n as NetworkId);
  count = 0;
  readonly #first: number;
  #next: number;

  /**
   * @param bytes - where the frames lie. Default: room for as many of the longest as fit a batch
   * @param first - where the first one lies: a multiple of 64
   */
  constructor(
    bytes: Uint8Array = new Uint8Array(frameCountMax * (frameLengthMax + alignment)),
    first = 0,
  ) {
    this.bytes = bytes;
    this.#first = first;
    this.#next = first;
  }

  /** Whether there is room for one more frame of this length. */
  hasRoom(length: number): boolean {
    return this.count < frameCountMax && this.#next + length <= this.bytes.length;
  }

  /** Where the next frame is to be put. */
  get nextStart(): number {
    return this.#next;
  }

  /** Takes in a frame that was put at {@link nextStart}. */
  add(length: number, networkId: NetworkId): void {
    const i = this.count++;
    this.starts[i] = this.#next;
    this.ends[i] = this.#next + length;
    this.networks[i] = networkId;
    this.#next += Math.ceil(length / alignment) * alignment;
  }

  /** Starts again. */
  clear(): void {
    this.count = 0;
    this.#next = this.#first;
  }
}
