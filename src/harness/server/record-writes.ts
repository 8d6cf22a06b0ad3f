/**
 * A TCP socket on which every TLS record is a write of its own, as of a server that calls OpenSSL directly.
 *
 * Node hands the two session tickets of TLS 1.3 to the kernel in one write. OpenSSL's own socket layer, under Python and
 * most servers, makes two of them; and there Nagle's algorithm holds the second, and the first answer behind it, until
 * the client acknowledges, which it delays by 40 ms and more. `--nagle` is there to show that, so it needs both.
 */
import type net from 'node:net';
import { Duplex } from 'node:stream';

/** Type, version and length in front of each record (RFC 8446, 5.1). */
const recordHeaderBytes = 5;

/** Stands between TLS and a socket, and owns the socket: ends and destroys it with itself. */
export class RecordWrites extends Duplex {
  readonly #socket: net.Socket;

  constructor(socket: net.Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    const records = wholeRecords(chunk);
    const last = records.pop();
    for (const record of records) this.#socket.write(record);
    this.#socket.write(last ?? chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Cuts bytes at the ends of records; TLS hands over whole ones, and what is left after them stays one piece. */
export function wholeRecords(bytes: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  let start = 0;
  while (start + recordHeaderBytes <= bytes.length) {
    const length = ((bytes[start + 3] ?? 0) << 8) | (bytes[start + 4] ?? 0);
    const end = Math.min(bytes.length, start + recordHeaderBytes + length);
    records.push(bytes.subarray(start, end));
    start = end;
  }
  if (start < bytes.length) records.push(bytes.subarray(start));
  return records;
}
