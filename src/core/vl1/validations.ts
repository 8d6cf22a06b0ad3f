/**
 * Identities whose address has to be checked against their key, which costs tens of milliseconds: the driver does it
 * elsewhere, and meanwhile their HELLO waits to be answered.
 *
 * Source: vl1 1.2, 3.5, 8.4. Only identities that have shown that they own their key get here. Too many at once: the newest
 * HELLO is dropped, and will be repeated.
 */
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import { sameIdentity, type Identity } from '../../wire/identity.ts';
import type { Path } from './path.ts';

/** A HELLO that waits. */
export interface PendingHello {
  readonly identity: Identity;
  readonly keys: PeerKeys;
  /** The payload with its tail decrypted, its own bytes. */
  readonly payload: Uint8Array;
  readonly path: Path;
  readonly hops: number;
  readonly packetId: bigint;
}

interface Pending {
  hello: PendingHello;
  isTaken: boolean;
}

/** See the head of this file. */
export class Validations {
  #pending: Pending[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#pending.length;
  }

  /** Adds one; a newer HELLO of the same identity takes the place of the older. @returns false where there is no room */
  add(hello: PendingHello): boolean {
    const known = this.#pending.find((each) => sameIdentity(each.hello.identity, hello.identity));
    if (known !== undefined) {
      known.hello.keys.close();
      known.hello = hello;
      return true;
    }
    if (this.#pending.length >= this.#max) return false;
    this.#pending.push({ hello, isTaken: false });
    return true;
  }

  /** Whether this identity is being checked. */
  has(identity: Identity): boolean {
    return this.#pending.some((each) => sameIdentity(each.hello.identity, identity));
  }

  /** The next identity to be checked, each once; null: none. */
  take(): Identity | null {
    const next = this.#pending.find((each) => !each.isTaken);
    if (next === undefined) return null;
    next.isTaken = true;
    return next.hello.identity;
  }

  /** The check is done: takes out what waited for it; null where nothing does. */
  settle(identity: Identity): PendingHello | null {
    const settled = this.#pending.find((each) => sameIdentity(each.hello.identity, identity));
    if (settled === undefined) return null;
    this.#pending = this.#pending.filter((each) => each !== settled);
    return settled.hello;
  }
}
