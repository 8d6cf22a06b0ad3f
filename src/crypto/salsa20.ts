/**
 * Salsa20 with 12 or 20 rounds: the keystream of packets (12), of HELLO's tail (12) and of the address hash (20).
 *
 * Source: D. J. Bernstein, "Salsa20 specification"; vl1.md 1.2, 2.6, 2.10. The 64-byte block is a function of 16
 * little-endian words:
 *
 * | word | 0 | 1–4 | 5 | 6–7 | 8–9 | 10 | 11–14 | 15 |
 * |---|---|---|---|---|---|---|---|---|
 * | | "expa" | key 0–15 | "nd 3" | nonce | block number | "2-by" | key 16–31 | "te k" |
 */
import { assert } from '../base/errors.ts';

/** Packets use 12 rounds, the address hash 20. */
export type Salsa20Rounds = 12 | 20;

/** Bytes of one block of keystream. */
export const salsa20BlockLength = 64;

/**
 * XORs a part of the keystream into a buffer: encrypts or decrypts it.
 *
 * @param key - 32 bytes. @param nonce - 8 bytes
 * @param bytes - changed in [start, end) only. @param skipBlocks - the 64-byte block of the keystream to start with
 */
export function salsa20Xor(
  key: Uint8Array,
  nonce: Uint8Array,
  rounds: Salsa20Rounds,
  bytes: Uint8Array,
  start: number,
  end: number,
  skipBlocks = 0,
): void {
  shared.start(key, nonce, rounds);
  shared.skip(skipBlocks);
  shared.xor(bytes, start, end);
  shared.wipe();
}

/** One keystream, read from its first block on. Holds the key until {@link Salsa20Stream.wipe}. */
export class Salsa20Stream {
  readonly #state = new Uint32Array(16);
  readonly #block = new Uint32Array(16);
  #rounds = 0;

  /** @param key - 32 bytes, copied. @param nonce - 8 bytes, copied */
  constructor(key: Uint8Array, nonce: Uint8Array, rounds: Salsa20Rounds) {
    this.start(key, nonce, rounds);
  }

  /** Begins another keystream in the same object: no allocation. */
  start(key: Uint8Array, nonce: Uint8Array, rounds: Salsa20Rounds): void {
    assert(key.length === 32 && nonce.length === 8, 'Salsa20 takes a 32-byte key, an 8-byte nonce');
    const state = this.#state;
    state[0] = 0x61707865;
    state[5] = 0x3320646e;
    state[10] = 0x79622d32;
    state[15] = 0x6b206574;
    for (let i = 0; i < 4; i++) {
      state[1 + i] = littleEndianWord(key, 4 * i);
      state[11 + i] = littleEndianWord(key, 16 + 4 * i);
    }
    state[6] = littleEndianWord(nonce, 0);
    state[7] = littleEndianWord(nonce, 4);
    state[8] = 0;
    state[9] = 0;
    this.#rounds = rounds;
  }

  /** Leaves out blocks. @param blocks - less than 2^32 */
  skip(blocks: number): void {
    const state = this.#state;
    const low = (state[8] as number) + blocks;
    state[8] = low;
    if (low > 0xffff_ffff) state[9] = (state[9] as number) + 1;
  }

  /**
   * The next 64 bytes of keystream, as 16 words whose little-endian bytes they are.
   *
   * @param out - written in [at, at + 16)
   */
  nextBlock(out: Uint32Array, at = 0): void {
    permute(this.#state, this.#rounds, out, at);
    this.skip(1);
  }

  /** XORs keystream into a buffer; the rest of a block that is begun is lost. @param bytes - changed in [start, end) */
  xor(bytes: Uint8Array, start: number, end: number): void {
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its buffer');
    const block = this.#block;
    let at = start;
    if (end - at >= salsa20BlockLength) {
      // Words through a view, which need no alignment: payloads start at odd offsets.
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (; end - at >= salsa20BlockLength; at += salsa20BlockLength) {
        this.nextBlock(block);
        for (let word = 0, i = at; word < 16; word++, i += 4)
          view.setInt32(i, view.getInt32(i, true) ^ (block[word] as number), true);
      }
    }
    if (at === end) return;
    this.nextBlock(block);
    for (let i = at; i < end; i++) {
      const mask = (block[(i - at) >> 2] as number) >>> (8 * ((i - at) & 3));
      bytes[i] = (bytes[i] as number) ^ mask;
    }
  }

  /** Forgets key and keystream; {@link start} makes the object usable again. */
  wipe(): void {
    this.#state.fill(0);
    this.#block.fill(0);
  }
}

/** Of {@link salsa20Xor}, wiped after every use. */
const shared: Salsa20Stream = new Salsa20Stream(new Uint8Array(32), new Uint8Array(8), 12);

function littleEndianWord(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The Salsa20 core, unrolled over 16 locals, which stay in registers: a loop over an array is several times slower. */
function permute(state: Uint32Array, rounds: number, out: Uint32Array, at: number): void {
  const s0 = state[0] as number;
  const s1 = state[1] as number;
  const s2 = state[2] as number;
  const s3 = state[3] as number;
  const s4 = state[4] as number;
  const s5 = state[5] as number;
  const s6 = state[6] as number;
  const s7 = state[7] as number;
  const s8 = state[8] as number;
  const s9 = state[9] as number;
  const s10 = state[10] as number;
  const s11 = state[11] as number;
  const s12 = state[12] as number;
  const s13 = state[13] as number;
  const s14 = state[14] as number;
  const s15 = state[15] as number;
  let x0 = s0 | 0;
  let x1 = s1 | 0;
  let x2 = s2 | 0;
  let x3 = s3 | 0;
  let x4 = s4 | 0;
  let x5 = s5 | 0;
  let x6 = s6 | 0;
  let x7 = s7 | 0;
  let x8 = s8 | 0;
  let x9 = s9 | 0;
  let x10 = s10 | 0;
  let x11 = s11 | 0;
  let x12 = s12 | 0;
  let x13 = s13 | 0;
  let x14 = s14 | 0;
  let x15 = s15 | 0;
  for (let round = 0; round < rounds; round += 2) {
    // Columns.
    x4 ^= rotate((x0 + x12) | 0, 7);
    x8 ^= rotate((x4 + x0) | 0, 9);
    x12 ^= rotate((x8 + x4) | 0, 13);
    x0 ^= rotate((x12 + x8) | 0, 18);
    x9 ^= rotate((x5 + x1) | 0, 7);
    x13 ^= rotate((x9 + x5) | 0, 9);
    x1 ^= rotate((x13 + x9) | 0, 13);
    x5 ^= rotate((x1 + x13) | 0, 18);
    x14 ^= rotate((x10 + x6) | 0, 7);
    x2 ^= rotate((x14 + x10) | 0, 9);
    x6 ^= rotate((x2 + x14) | 0, 13);
    x10 ^= rotate((x6 + x2) | 0, 18);
    x3 ^= rotate((x15 + x11) | 0, 7);
    x7 ^= rotate((x3 + x15) | 0, 9);
    x11 ^= rotate((x7 + x3) | 0, 13);
    x15 ^= rotate((x11 + x7) | 0, 18);
    // Rows.
    x1 ^= rotate((x0 + x3) | 0, 7);
    x2 ^= rotate((x1 + x0) | 0, 9);
    x3 ^= rotate((x2 + x1) | 0, 13);
    x0 ^= rotate((x3 + x2) | 0, 18);
    x6 ^= rotate((x5 + x4) | 0, 7);
    x7 ^= rotate((x6 + x5) | 0, 9);
    x4 ^= rotate((x7 + x6) | 0, 13);
    x5 ^= rotate((x4 + x7) | 0, 18);
    x11 ^= rotate((x10 + x9) | 0, 7);
    x8 ^= rotate((x11 + x10) | 0, 9);
    x9 ^= rotate((x8 + x11) | 0, 13);
    x10 ^= rotate((x9 + x8) | 0, 18);
    x12 ^= rotate((x15 + x14) | 0, 7);
    x13 ^= rotate((x12 + x15) | 0, 9);
    x14 ^= rotate((x13 + x12) | 0, 13);
    x15 ^= rotate((x14 + x13) | 0, 18);
  }
  out[at] = x0 + s0;
  out[at + 1] = x1 + s1;
  out[at + 2] = x2 + s2;
  out[at + 3] = x3 + s3;
  out[at + 4] = x4 + s4;
  out[at + 5] = x5 + s5;
  out[at + 6] = x6 + s6;
  out[at + 7] = x7 + s7;
  out[at + 8] = x8 + s8;
  out[at + 9] = x9 + s9;
  out[at + 10] = x10 + s10;
  out[at + 11] = x11 + s11;
  out[at + 12] = x12 + s12;
  out[at + 13] = x13 + s13;
  out[at + 14] = x14 + s14;
  out[at + 15] = x15 + s15;
}
