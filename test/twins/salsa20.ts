/** Salsa20 as its specification writes it down, step by step on arrays: slow, and plainly right. */

import { latin1Bytes } from '../../src/base/bytes.ts';

/** The first `blocks` blocks of keystream. @param key - 32 bytes. @param nonce - 8 bytes */
export function salsa20Keystream(
  key: Uint8Array,
  nonce: Uint8Array,
  rounds: number,
  blocks: number,
): Uint8Array {
  const keystream = new Uint8Array(64 * blocks);
  for (let block = 0; block < blocks; block++) {
    const counter = new DataView(new ArrayBuffer(8));
    counter.setBigUint64(0, BigInt(block), true);
    keystream.set(expand(key, [...nonce, ...new Uint8Array(counter.buffer)], rounds), 64 * block);
  }
  return keystream;
}

/** Section 9: expansion of a 32-byte key. */
function expand(key: Uint8Array, n: readonly number[], rounds: number): Uint8Array {
  const constants = latin1Bytes('expand 32-byte k');
  const sigma = (part: number): Uint8Array => constants.subarray(4 * part, 4 * part + 4);
  const input = [
    ...sigma(0),
    ...key.subarray(0, 16),
    ...sigma(1),
    ...n,
    ...sigma(2),
    ...key.subarray(16),
    ...sigma(3),
  ];
  return hash(Uint8Array.from(input), rounds);
}

/** Section 8: the hash function. */
function hash(input: Uint8Array, rounds: number): Uint8Array {
  const view = new DataView(input.buffer);
  const x = Array.from({ length: 16 }, (_, i) => view.getUint32(4 * i, true));
  let z = x;
  for (let round = 0; round < rounds; round += 2) z = rowRound(columnRound(z));
  const output = new DataView(new ArrayBuffer(64));
  z.forEach((word, i) => {
    output.setUint32(4 * i, (word + x[i]!) % 2 ** 32, true);
  });
  return new Uint8Array(output.buffer);
}

/** Section 4. */
const rows = [
  [0, 1, 2, 3],
  [5, 6, 7, 4],
  [10, 11, 8, 9],
  [15, 12, 13, 14],
] as const;

/** Section 5. */
const columns = [
  [0, 4, 8, 12],
  [5, 9, 13, 1],
  [10, 14, 2, 6],
  [15, 3, 7, 11],
] as const;

function rowRound(y: readonly number[]): number[] {
  return quarterRounds(y, rows);
}

function columnRound(y: readonly number[]): number[] {
  return quarterRounds(y, columns);
}

/** Section 3, on four places at a time. */
function quarterRounds(
  y: readonly number[],
  places: readonly (readonly [number, number, number, number])[],
): number[] {
  const z = [...y];
  for (const [a, b, c, d] of places) {
    z[b] = (z[b]! ^ rotate(z[a]! + z[d]!, 7)) >>> 0;
    z[c] = (z[c]! ^ rotate(z[b] + z[a]!, 9)) >>> 0;
    z[d] = (z[d]! ^ rotate(z[c] + z[b], 13)) >>> 0;
    z[a] = (z[a]! ^ rotate(z[d] + z[c], 18)) >>> 0;
  }
  return z;
}

function rotate(sum: number, bits: number): number {
  const word = sum % 2 ** 32;
  return ((word * 2 ** bits) % 2 ** 32) + Math.floor(word / 2 ** (32 - bits));
}
