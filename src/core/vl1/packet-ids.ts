/** Random packet IDs (vl1 2.2), drawn many at a time: the generator of a system costs a call each. */
import type { Entropy } from '../ports.ts';

const poolLength = 1_024;

/** See the head of this file. */
export class PacketIds {
  readonly #entropy: Entropy;
  readonly #pool = new Uint8Array(poolLength);
  #used = poolLength;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** Writes 8 random bytes. */
  write(bytes: Uint8Array, at: number): void {
    this.take(bytes, at, 8);
  }

  /** Writes up to 64 random bytes. */
  take(bytes: Uint8Array, at: number, length: number): void {
    if (this.#used + length > poolLength) {
      this.#entropy.fill(this.#pool);
      this.#used = 0;
    }
    for (let i = 0; i < length; i++) bytes[at + i] = this.#pool[this.#used + i] as number;
    this.#used += length;
  }

  /** An integer in [0, bound): for choices that nobody should foresee. @param bound - 1 to 65536 */
  below(bound: number): number {
    const draw = new Uint8Array(4);
    this.take(draw, 0, 4);
    return new DataView(draw.buffer).getUint32(0) % bound;
  }
}
