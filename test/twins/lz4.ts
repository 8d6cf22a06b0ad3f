/**
 * LZ4 blocks, slowly: the format description word for word, with a list for an output and every earlier position tried as a
 * match. The fast ones in `src/wire/packet/lz4.ts` are held against it.
 */

/** All bytes of a block; null for anything that is not exactly one. */
export function decompressSlowly(block: Uint8Array): Uint8Array | null {
  const rest = [...block];
  const out: number[] = [];
  const take = (): number => {
    const byte = rest.shift();
    if (byte === undefined) throw new Cut();
    return byte;
  };
  const takeLength = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let byte: number;
      do {
        byte = take();
        length += byte;
      } while (byte === 255);
    }
    return length;
  };
  try {
    for (;;) {
      const token = take();
      const literals = takeLength(token >> 4);
      for (let i = 0; i < literals; i++) out.push(take());
      if (rest.length === 0) return Uint8Array.from(out);
      const distance = take() + 256 * take();
      if (distance === 0 || distance > out.length) return null;
      const match = takeLength(token & 15) + 4;
      for (let i = 0; i < match; i++) out.push(out[out.length - distance]!);
    }
  } catch (error) {
    if (error instanceof Cut) return null;
    throw error;
  }
}

/** A block with the longest match at every position: never larger than what a faster search makes. */
export function compressSlowly(bytes: Uint8Array): Uint8Array {
  const block: number[] = [];
  const putLength = (rest: number): void => {
    for (; rest >= 255; rest -= 255) block.push(255);
    block.push(rest);
  };
  const putToken = (literals: number, match: number): void => {
    block.push((Math.min(literals, 15) << 4) | Math.min(match, 15));
    if (literals >= 15) putLength(literals - 15);
  };
  let anchor = 0;
  for (let at = 0; at + 12 <= bytes.length;) {
    const { distance, length } = longestMatch(bytes, at);
    if (length < 4) {
      at++;
      continue;
    }
    putToken(at - anchor, length - 4);
    block.push(...bytes.slice(anchor, at), distance & 255, distance >> 8);
    if (length - 4 >= 15) putLength(length - 4 - 15);
    at += length;
    anchor = at;
  }
  putToken(bytes.length - anchor, 0);
  block.push(...bytes.slice(anchor));
  return Uint8Array.from(block);
}

class Cut extends Error {}

function longestMatch(bytes: Uint8Array, at: number): { distance: number; length: number } {
  let best = { distance: 0, length: 0 };
  for (let distance = 1; distance <= at && distance < 65_536; distance++) {
    let length = 0;
    while (at + length < bytes.length - 5 && bytes[at + length] === bytes[at + length - distance])
      length++;
    if (length > best.length) best = { distance, length };
  }
  return best;
}
