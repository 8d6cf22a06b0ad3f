/**
 * What a node wants sent: one arena for datagrams and one for frames, filled by the machines and emptied by the driver.
 *
 * `reserve` gives room at the end of the arena; what was written there becomes an entry by `commit`, which may be called
 * again for what follows in the same room (the pieces of a packet). What is reserved and not committed is given back by
 * the next `reserve`. A full queue refuses and counts: datagrams may be lost anywhere, so also here.
 */
import { assert } from '../base/errors.ts';
import type { NetworkId } from '../base/ids.ts';
import type { Endpoint } from './endpoint.ts';
import type { DatagramBatch, FrameBatch } from './ports.ts';

/** Datagrams to be sent. The driver sends `[0, count)` and calls {@link DatagramQueue.clear}. */
export class DatagramQueue implements DatagramBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly sockets: Int32Array;
  readonly endpoints: (Endpoint | null)[];
  readonly ttls: Uint8Array;
  count = 0;
  /** How many found no room so far. */
  dropped = 0;
  #used = 0;

  /** @param bytesMax - of the arena. @param countMax - datagrams at a time */
  constructor(bytesMax: number, countMax: number) {
    this.bytes = new Uint8Array(bytesMax);
    this.starts = new Int32Array(countMax);
    this.ends = new Int32Array(countMax);
    this.sockets = new Int32Array(countMax);
    this.endpoints = new Array<Endpoint | null>(countMax).fill(null);
    this.ttls = new Uint8Array(countMax);
  }

  /**
   * Room for one packet and its pieces.
   *
   * @param lengthMax - bytes. @param countMax - datagrams it may become
   * @returns where it starts in {@link bytes}; −1 when there is none, which is counted
   */
  reserve(lengthMax: number, countMax = 1): number {
    if (this.#used + lengthMax > this.bytes.length || this.count + countMax > this.starts.length) {
      this.dropped++;
      return -1;
    }
    return this.#used;
  }

  /** Makes a datagram of the next `length` bytes of what was reserved. @param ttl - 0: the system's */
  commit(length: number, socket: number, endpoint: Endpoint, ttl = 0): void {
    const end = this.#used + length;
    assert(end <= this.bytes.length && this.count < this.starts.length, 'room was reserved');
    this.starts[this.count] = this.#used;
    this.ends[this.count] = end;
    this.sockets[this.count] = socket;
    this.endpoints[this.count] = endpoint;
    this.ttls[this.count] = ttl;
    this.count++;
    this.#used = end;
  }

  /** The last datagram once more, from another socket or to another place: the bytes are shared. */
  again(socket: number, endpoint: Endpoint): void {
    assert(this.count > 0 && this.count < this.starts.length, 'room was reserved');
    this.starts[this.count] = this.starts[this.count - 1] as number;
    this.ends[this.count] = this.ends[this.count - 1] as number;
    this.sockets[this.count] = socket;
    this.endpoints[this.count] = endpoint;
    this.ttls[this.count] = 0;
    this.count++;
  }

  /** Forgets all: they were sent. */
  clear(): void {
    this.count = 0;
    this.#used = 0;
  }
}

/** Ethernet frames for taps. The driver writes `[0, count)` and calls {@link FrameQueue.clear}. */
export class FrameQueue implements FrameBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly networks: NetworkId[];
  count = 0;
  /** How many found no room so far. */
  dropped = 0;
  #used = 0;

  /** @param bytesMax - of the arena. @param countMax - frames at a time */
  constructor(bytesMax: number, countMax: number) {
    this.bytes = new Uint8Array(bytesMax);
    this.starts = new Int32Array(countMax);
    this.ends = new Int32Array(countMax);
    this.networks = new Array<NetworkId>(countMax).fill(0n as NetworkId);
  }

  /** Room for one frame. @returns where it starts in {@link bytes}; −1 when there is none, which is counted */
  reserve(lengthMax: number): number {
    if (this.#used + lengthMax > this.bytes.length || this.count === this.starts.length) {
      this.dropped++;
      return -1;
    }
    return this.#used;
  }

  /** Makes a frame of the first `length` bytes of what was reserved. */
  commit(length: number, network: NetworkId): void {
    const end = this.#used + length;
    assert(end <= this.bytes.length && this.count < this.starts.length, 'room was reserved');
    this.starts[this.count] = this.#used;
    this.ends[this.count] = end;
    this.networks[this.count] = network;
    this.count++;
    this.#used = end;
  }

  /** Forgets all: they were written. */
  clear(): void {
    this.count = 0;
    this.#used = 0;
  }
}
