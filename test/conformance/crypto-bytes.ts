/** Bytes for the suite of cryptography: made up, and made wrong. */

/** Bytes without a pattern, the same for the same seed. */
export function pattern(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    return Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) >>> 24;
  });
}

/** A copy with one bit changed. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}
