/** A batch of frames that were read, made once and filled again for each wake. */
import type { NetworkId } from '../../base/ids.ts';
import type { FrameBatch } from '../../core/ports.ts';
import { frameCountMax, frameLengthMax } from './port.ts';

/** Frames begin on a cache line. */
const alignment = 64;

export class ReadBatch implements FrameBatch {
  /** Room for the longest frames; ordinary ones lie close together at its beginning. */
  readonly bytes: Uint8Array = new Uint8Array(frameCountMax * (frameLengthMax + alignment));
  readonly starts: Int32Array = new Int32Array(frameCountMax);
  readonly ends: Int32Array = new Int32Array(frameCountMax);
  readonly networks: NetworkId[] = new Array<NetworkId>(frameCountMax).fill(0n as NetworkId);
  count = 0;
  #next = 0;

  get isFull(): boolean {
    return this.count === frameCountMax;
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
    this.#next = 0;
  }
}
