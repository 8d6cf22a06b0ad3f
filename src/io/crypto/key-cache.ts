/**
 * The last keys that were imported into a library, found by their bytes.
 *
 * Bytes are remembered as their SHA-256: a private key does not stay behind as the name of an entry. What the library
 * made of it does stay, until enough other keys have been used.
 */
import { hash } from 'node:crypto';

/** How many keys are kept: nodes have one private key, but a simulation or a controller has many. */
const entriesMax = 64;

/** Least recently used is dropped first. */
export class KeyCache<Key> {
  readonly #import: (bytes: Uint8Array) => Key;
  // A Map iterates in the order of insertion: its first entry is the one that was not used for longest.
  readonly #entries = new Map<string, Key>();

  /** @param importKey - what to do with bytes that are not there; what it throws is passed on and nothing is kept */
  constructor(importKey: (bytes: Uint8Array) => Key) {
    this.#import = importKey;
  }

  /** How many keys are held, for tests. */
  get size(): number {
    return this.#entries.size;
  }

  /** The key of some bytes. @param bytes - borrowed */
  get(bytes: Uint8Array): Key {
    const name = hash('sha256', bytes, 'base64');
    const known = this.#entries.get(name);
    const key = known ?? this.#import(bytes);
    if (known !== undefined) this.#entries.delete(name);
    this.#entries.set(name, key);
    if (this.#entries.size > entriesMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    return key;
  }
}
