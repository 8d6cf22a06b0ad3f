/**
 * AES-GMAC-SIV, the cipher of suite 3: a synthetic initialisation vector from GMAC, encrypted into the tag, starts CTR.
 *
 * Source: vl1.md 2.8. The tag, 16 bytes, is AES(K1, iv ‖ t) with iv the 8 bytes that the sender chose and t the GMAC of
 * padded additional data and plain text under K0, folded to 8 bytes; CTR starts at the tag with one bit cleared, so that
 * its 32-bit counter cannot overflow. The iv comes back out of the tag; even repeated it reveals only equal messages.
 */
import { assert } from '../base/errors.ts';
import type { AesKeys } from './provider.ts';

/** Bytes of the initialisation vector that a sender chooses, and that {@link AesGmacSiv.open} gives back. */
export const sivIvLength = 8;

/** Bytes of a tag. */
export const sivTagLength = 16;

/** Additional data is padded to whole blocks; the 11 bytes of a packet fit the first size. */
const block = 16;

/** Seals and opens under the two keys of one peer. One call at a time: it has scratch space of its own. */
export class AesGmacSiv {
  readonly #keys: AesKeys;
  /** The last 4 of its 12 bytes stay zero. */
  readonly #nonce = new Uint8Array(12);
  readonly #counter = new Uint8Array(block);
  readonly #mac = new Uint8Array(block);
  readonly #opened = new Uint8Array(block);
  #padded = new Uint8Array(block);

  /** @param keys - kept; {@link close} closes them */
  constructor(keys: AesKeys) {
    this.#keys = keys;
  }

  /**
   * Encrypts in place.
   *
   * @param iv - 8 bytes, random. @param aad - additional data, any length, not changed
   * @param bytes - holds the plain text in [start, end), the cipher text afterwards. @param tag - 16 bytes, written
   */
  seal(
    iv: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    tag: Uint8Array,
  ): void {
    assert(iv.length === sivIvLength && tag.length === sivTagLength, 'SIV: 8-byte iv, 16-byte tag');
    this.#authenticate(iv, aad, bytes, start, end);
    copy(iv, tag, sivIvLength);
    for (let i = 0; i < 8; i++) tag[8 + i] = this.#folded(i);
    this.#keys.encryptBlock(tag);
    this.#stream(tag, bytes, start, end);
  }

  /**
   * Decrypts in place and checks.
   *
   * @param tag - 16 bytes, as received. @param aad - additional data, any length, not changed
   * @param bytes - holds the cipher text in [start, end); afterwards the plain text, or, after false, bytes to drop
   * @param iv - 8 bytes, written: what the sender chose, or, after false, nothing of use
   * @returns whether all of it is what the peer sealed
   */
  open(
    tag: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    iv: Uint8Array,
  ): boolean {
    assert(iv.length === sivIvLength && tag.length === sivTagLength, 'SIV: 8-byte iv, 16-byte tag');
    this.#stream(tag, bytes, start, end);
    const opened = this.#opened;
    copy(tag, opened, sivTagLength);
    this.#keys.decryptBlock(opened);
    copy(opened, iv, sivIvLength);
    this.#authenticate(iv, aad, bytes, start, end);
    let difference = 0;
    for (let i = 0; i < 8; i++) difference |= (opened[8 + i] as number) ^ this.#folded(i);
    return difference === 0;
  }

  /** Closes the keys. Idempotent. */
  close(): void {
    this.#keys.close();
    this.#mac.fill(0);
    this.#opened.fill(0);
  }

  /** GMAC over padded additional data and plain text. */
  #authenticate(
    iv: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const length = Math.ceil(aad.length / block) * block;
    if (this.#padded.length !== length) this.#padded = new Uint8Array(length);
    const padded = this.#padded;
    copy(aad, padded, aad.length);
    for (let i = aad.length; i < length; i++) padded[i] = 0;
    copy(iv, this.#nonce, sivIvLength);
    this.#keys.gmac(this.#nonce, padded, bytes, start, end, this.#mac);
  }

  /** A byte of the GMAC folded to 8 bytes. */
  #folded(i: number): number {
    return (this.#mac[i] as number) ^ (this.#mac[i + 8] as number);
  }

  /** CTR from the tag on; the top bit of its last 32 is cleared. */
  #stream(tag: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    copy(tag, this.#counter, sivTagLength);
    this.#counter[12] = (this.#counter[12] as number) & 0x7f;
    this.#keys.ctr(this.#counter, bytes, start, end);
  }
}

/** For a few bytes a loop is faster than `set`. */
function copy(from: Uint8Array, to: Uint8Array, length: number): void {
  for (let i = 0; i < length; i++) to[i] = from[i] as number;
}
