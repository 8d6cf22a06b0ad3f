/**
 * The keys of one peer, ready for its packets: derived once from what the two identities share.
 *
 * Source: vl1.md 1.5, 2.6–2.8, 2.10. From the 48 shared bytes: the first 32 are the key of Salsa20 (suites 0 and 1, and
 * HELLO's tail); two derivations give the AES keys of suite 3.
 */
import type { Secret } from '../base/secret.ts';
import { AesGmacSiv } from './aes-gmac-siv.ts';
import { agree } from './agreement.ts';
import { kbkdf } from './kbkdf.ts';
import type { CryptoProvider } from './provider.ts';

const aesKeyLength = 32;

/** What sealing and opening needs. Prints as `[redacted]`; close it when the peer is forgotten. */
export class PeerKeys {
  readonly provider: CryptoProvider;
  /** Suite 3. */
  readonly siv: AesGmacSiv;
  readonly #salsaKey: Uint8Array;

  private constructor(provider: CryptoProvider, key48: Uint8Array) {
    this.provider = provider;
    this.#salsaKey = key48.slice(0, 32);
    const gmacKey = kbkdf(provider, key48, '0', 0, 0);
    const ctrKey = kbkdf(provider, key48, '1', 0, 0);
    const keys = provider.aesKeys(
      gmacKey.subarray(0, aesKeyLength),
      ctrKey.subarray(0, aesKeyLength),
    );
    gmacKey.fill(0);
    ctrKey.fill(0);
    this.siv = new AesGmacSiv(keys);
  }

  /**
   * The keys between me and a peer.
   *
   * @param secretKey - 64 bytes, mine. @param publicKey - 64 bytes, the peer's
   * @returns null where the peer's key is a point of low order: drop the packet
   */
  static agree(
    provider: CryptoProvider,
    secretKey: Secret<Uint8Array>,
    publicKey: Uint8Array,
  ): PeerKeys | null {
    const key48 = agree(provider, secretKey, publicKey);
    if (key48 === null) return null;
    const keys = new PeerKeys(provider, key48);
    key48.fill(0);
    return keys;
  }

  /** From shared bytes that are known. @param key48 - 48 bytes, copied */
  static fromShared(provider: CryptoProvider, key48: Uint8Array): PeerKeys {
    return new PeerKeys(provider, key48);
  }

  /** 32 bytes, borrowed: the key of Salsa20, before a packet mangles it. */
  get salsaKey(): Uint8Array {
    return this.#salsaKey;
  }

  /** Wipes the keys; nothing may be sealed or opened afterwards. Idempotent. */
  close(): void {
    this.#salsaKey.fill(0);
    this.siv.close();
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }
}

// What Node's `util.inspect` calls; a registered symbol, so that no module of Node is needed.
Object.defineProperty(PeerKeys.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: () => '[redacted]',
});
