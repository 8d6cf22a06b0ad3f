/**
 * Tries again to reach a peer at an address that somebody named, until a path is there: the first packet may be lost, or
 * stopped by a NAT that its owner opens only now.
 *
 * The reference tries once, and then waits for the next introduction (30 s) or push (15 s).
 */
import type { Endpoint } from '../endpoint.ts';
import type { Now } from '../ports.ts';
import type { Contact } from './contact.ts';
import type { Path } from './path.ts';
import type { Peer } from './peer.ts';

/** When it is tried again, ms after the first. */
const againMs: readonly number[] = [250, 700, 1_600, 3_200];
/** Addresses that are tried at a time; more are tried once. */
export const attemptsMax = 512;

interface Attempt {
  readonly peer: Peer;
  readonly endpoint: Endpoint;
  /** From where; null: from all sockets. */
  readonly path: Path | null;
  readonly sinceMs: number;
  count: number;
}

/** See the head of this file. */
export class Attempts {
  readonly #contact: Contact;
  readonly #attempts = new Map<string, Attempt>();

  constructor(contact: Contact) {
    this.#contact = contact;
  }

  get size(): number {
    return this.#attempts.size;
  }

  /** Contacts a peer at an address, now and again. @param path - from its socket only; null: from all */
  start(now: Now, peer: Peer, endpoint: Endpoint, path: Path | null): void {
    const key = `${peer.address} ${endpoint.key}`;
    const attempt = { peer, endpoint, path, sinceMs: now.monoMs, count: 0 };
    if (this.#attempts.has(key) || this.#attempts.size < attemptsMax)
      this.#attempts.set(key, attempt);
    this.#try(now, attempt);
  }

  /** Tries what is due; ends what has succeeded. */
  run(now: Now): void {
    for (const [key, attempt] of this.#attempts) {
      const { peer, endpoint } = attempt;
      const isDone = peer.paths.some(
        (known) => !known.isDead && known.path.endpoint.key === endpoint.key,
      );
      if (isDone || peer.isClosed || attempt.count >= againMs.length) this.#attempts.delete(key);
      else if (now.monoMs >= dueMs(attempt)) {
        attempt.count++;
        this.#try(now, attempt);
      }
    }
  }

  nextTimeoutMs(): number {
    let nextMs = Infinity;
    for (const attempt of this.#attempts.values()) nextMs = Math.min(nextMs, dueMs(attempt));
    return nextMs;
  }

  #try(now: Now, { peer, endpoint, path }: Attempt): void {
    if (path !== null) this.#contact.try(now, peer, path);
    else this.#contact.tryFromAll(now, peer, endpoint);
  }
}

function dueMs({ sinceMs, count }: Attempt): number {
  return sinceMs + (againMs[count] ?? 0);
}
