/**
 * Every datagram of a run: the last ones whole, for a diagram; all of them in a running digest, which is equal for two
 * runs only where the same bytes went the same ways at the same times.
 */
import type { Endpoint } from '../src/core/endpoint.ts';
import type { BoxRefusal } from './box.ts';
import type { LinkLoss } from './link.ts';

/** Why a datagram did not arrive. */
export type DatagramLoss =
  | LinkLoss
  | BoxRefusal
  | 'no-route'
  | 'no-hairpin'
  | 'no-listener'
  | 'ttl-exceeded'
  | 'too-long'
  | 'blocked';

/** One datagram on its way. */
export interface LoggedDatagram {
  /** From 1, over the whole run. */
  readonly number: number;
  readonly sentMs: number;
  /** The name of the host. */
  readonly from: string;
  /** The name of the host; null: it got nowhere near one. */
  to: string | null;
  /** As seen by who receives it: outside, where a NAT is between. */
  source: Endpoint;
  /** As the sender wrote it. */
  readonly destination: Endpoint;
  readonly bytes: Uint8Array;
  /** Null: on its way. */
  fate: 'arrived' | DatagramLoss | null;
  /** The last time that it arrived. */
  arrivedMs: number;
}

/** Datagrams that are kept whole. */
export const loggedMax = 4_096;

/** The log. */
export class PacketLog {
  readonly #ring: LoggedDatagram[] = [];
  #count = 0;
  #low = 0x811c9dc5;
  #high = 0x1b873593;

  /** Datagrams sent so far. */
  get count(): number {
    return this.#count;
  }

  /** 16 digits that stand for everything so far. */
  get digest(): string {
    const digits = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
    return digits(this.#high) + digits(this.#low);
  }

  /** @param bytes - kept */
  sent(
    nowMs: number,
    from: string,
    source: Endpoint,
    destination: Endpoint,
    bytes: Uint8Array,
  ): LoggedDatagram {
    const entry: LoggedDatagram = {
      number: ++this.#count,
      sentMs: nowMs,
      from,
      to: null,
      source,
      destination,
      bytes,
      fate: null,
      arrivedMs: 0,
    };
    this.#ring[(this.#count - 1) % loggedMax] = entry;
    this.#mixText(`${nowMs} ${from} ${source.key} ${destination.key}`);
    for (const byte of bytes) this.#mix(byte);
    return entry;
  }

  arrived(nowMs: number, entry: LoggedDatagram): void {
    entry.fate = 'arrived';
    entry.arrivedMs = nowMs;
    this.#mixText(`${nowMs} ${entry.number} ${entry.to ?? ''}`);
  }

  lost(nowMs: number, entry: LoggedDatagram, why: DatagramLoss): void {
    // Of two copies one may have arrived.
    entry.fate ??= why;
    this.#mixText(`${nowMs} ${entry.number} ${why}`);
  }

  /** The last datagrams, oldest first. */
  last(count: number): LoggedDatagram[] {
    const wanted = Math.min(count, loggedMax, this.#count);
    const entries: LoggedDatagram[] = [];
    for (let number = this.#count - wanted; number < this.#count; number++)
      entries.push(this.#ring[number % loggedMax]!);
    return entries;
  }

  #mixText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  /** Two chains of FNV-1a with different primes: no cryptography is needed to tell two runs apart. */
  #mix(byte: number): void {
    this.#low = Math.imul(this.#low ^ byte, 0x0100_0193);
    this.#high = Math.imul(this.#high ^ byte, 0x85eb_ca6b) ^ (this.#low >>> 15);
  }
}
