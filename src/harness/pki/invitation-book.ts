/**
 * The invitations that a server has given out. They live in memory: a restart of the server revokes them all.
 *
 * Only hashes of the secrets are kept. Every entry is compared, in constant time, whether or not one has matched
 * already: how long a redemption takes says nothing about the secrets.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { invitationSecretBytes } from './constants.ts';
import { pkiError } from './errors.ts';
import type { Invitation } from './invitation.ts';
import { Secret } from '../../base/secret.ts';

/** What came of an attempt to use a secret. */
export type Redemption = 'ok' | 'unknown' | 'used' | 'expired';

interface Entry {
  readonly secretHash: Uint8Array;
  readonly expiresAtUnixMs: number;
  used: boolean;
}

/** Invitations by their secrets. No method awaits anything, so that two redemptions cannot both win. */
export class InvitationBook {
  readonly #caSha256: Uint8Array;
  readonly #entriesMax: number;
  #entries: Entry[] = [];

  /**
   * @param caSha256 - 32 bytes, of the certificate that clients are to trust: `Authority.anchorSha256`
   * @param entriesMax - how many invitations are kept, used and expired ones included
   */
  constructor(caSha256: Uint8Array, entriesMax = 256) {
    this.#caSha256 = caSha256;
    this.#entriesMax = entriesMax;
  }

  /**
   * Makes an invitation with a new secret.
   *
   * @param options - `ttlMs`: how long it works, at least a second; `now`: wall clock, ms since the Unix epoch
   * @throws INVITATION_LIMIT where all the book's entries could still be used
   */
  create({ ttlMs, now }: { readonly ttlMs: number; readonly now: number }): Invitation {
    if (this.#entries.length >= this.#entriesMax) this.#forgetOldest(now);
    const secret = new Uint8Array(randomBytes(invitationSecretBytes));
    // Whole seconds, as the text has them: both ends mean the same moment.
    const expiresAtUnixMs = Math.floor((now + ttlMs) / 1000) * 1000;
    this.#entries.push({ secretHash: hashOf(secret), expiresAtUnixMs, used: false });
    return { expiresAtUnixMs, secret: new Secret(secret), caSha256: this.#caSha256 };
  }

  /**
   * Uses a secret up. Whoever gets `ok` is the only one.
   *
   * @param secret - from a stranger, any length
   * @param now - wall clock, ms since the Unix epoch
   */
  redeem(secret: Uint8Array, now: number): Redemption {
    const hash = hashOf(secret);
    let found: Entry | null = null;
    for (const entry of this.#entries) if (timingSafeEqual(entry.secretHash, hash)) found = entry;
    if (found === null) return 'unknown';
    if (found.used) return 'used';
    if (now >= found.expiresAtUnixMs) return 'expired';
    found.used = true;
    return 'ok';
  }

  /** Used and expired entries are kept, to say so, until their place is needed. */
  #forgetOldest(now: number): void {
    const oldest = this.#entries.findIndex(
      ({ used, expiresAtUnixMs }) => used || now >= expiresAtUnixMs,
    );
    if (oldest === -1) {
      throw pkiError(
        'INVITATION_LIMIT',
        `${String(this.#entriesMax)} invitations wait to be used`,
        {
          remedy:
            'use one of them, wait until one expires, or restart overspan serve, which revokes them all',
        },
      );
    }
    this.#entries.splice(oldest, 1);
  }
}

function hashOf(secret: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
