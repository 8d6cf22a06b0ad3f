/** A batch of received datagrams, made once and filled again for each wake. */
import { assert } from '../../base/errors.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { DatagramBatch } from '../../core/ports.ts';
import { receiveCountMax } from './port.ts';

export class ReceivedBatch implements DatagramBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array = new Int32Array(receiveCountMax);
  readonly ends: Int32Array = new Int32Array(receiveCountMax);
  readonly sockets: Int32Array = new Int32Array(receiveCountMax);
  readonly endpoints: (Endpoint | null)[] = new Array<Endpoint | null>(receiveCountMax).fill(null);
  /** Not read from what is received. */
  readonly ttls: Uint8Array = new Uint8Array(receiveCountMax);
  count = 0;

  /** @param bytes - the arena in which the datagrams lie */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isFull(): boolean {
    return this.count === receiveCountMax;
  }

  /** Adds a datagram that lies at [start, end). */
  add(start: number, end: number, socket: number, from: Endpoint): void {
    assert(!this.isFull, 'a full batch is handed on first');
    const i = this.count++;
    this.starts[i] = start;
    this.ends[i] = end;
    this.sockets[i] = socket;
    this.endpoints[i] = from;
  }

  /** Starts again. */
  clear(): void {
    this.count = 0;
  }
}
