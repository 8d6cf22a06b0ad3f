/** The damaged forms of bytes that were right: what decoders must survive. */

/**
 * Every truncation, then every single flipped bit. All are views of one memory that is made right again before the next,
 * so whoever is handed one may write into it, and copies what it keeps.
 */
export function* damaged(bytes: Uint8Array): Generator<Uint8Array> {
  const scratch = bytes.slice();
  for (let length = 0; length < bytes.length; length++) {
    yield scratch.subarray(0, length);
    scratch.set(bytes);
  }
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    scratch[bit >> 3]! ^= 1 << (bit & 7);
    yield scratch;
    scratch.set(bytes);
  }
}
