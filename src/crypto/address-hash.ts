/**
 * The memory-hard hash that ties an address to a public key and makes addresses expensive to choose.
 *
 * Source: vl1.md 1.2. With `D` = SHA-512 of the public key as 16 words, one Salsa20/20 keystream (key and nonce from the
 * first 40 bytes of the first `D`) and 2 MiB of memory, seen as words of 8 bytes:
 *
 * 1. fill: every 64-byte block of memory is the next keystream block XOR the block before it;
 * 2. mix: memory is walked in pairs of words; the first says which of the 8 words of `D`, the second which of the
 *    262,144 words of memory change places; then the next keystream block is XORed into `D`.
 *
 * Memory and `D` are kept as 32-bit words whose little-endian bytes they stand for, so that nothing is swapped for the
 * keystream and an 8-byte word is two neighbours: bytes 4 to 7 of it, the low half of the big-endian number, are the
 * second. 25 to 40 ms on one core of a server: nothing for the packet path; see io/identity.
 */
import { assert } from '../base/errors.ts';
import type { CryptoProvider } from './provider.ts';
import { Salsa20Stream } from './salsa20.ts';

/** 32-bit words of the memory of one hash: 2 MiB. */
export const addressHashScratchWords = 524_288;

/** Bytes of {@link addressHash}. */
export const addressHashLength = 64;

const publicKeyLength = 64;
const blockWords = 16;

/**
 * Hashes a public key.
 *
 * @param publicKey - 64 bytes, borrowed
 * @param scratch - {@link addressHashScratchWords} words, overwritten. Left out: a memory of this module, made at the
 *   first call and kept. What stays in it follows from the public key alone: there is nothing to wipe
 * @returns 64 bytes, new: the address is its last five, the proof of work its first
 */
export function addressHash(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  scratch: Uint32Array = ownScratch(),
): Uint8Array {
  assert(publicKey.length === publicKeyLength, 'a public key is 64 bytes');
  assert(scratch.length === addressHashScratchWords, 'the scratch of an address hash is 2 MiB');
  const start = provider.sha512(publicKey);
  const keystream = new Salsa20Stream(start.subarray(0, 32), start.subarray(32, 40), 20);
  const digest = wordsOf(start);
  fill(scratch, keystream);
  mix(scratch, digest, keystream);
  return bytesOf(digest);
}

function fill(memory: Uint32Array, keystream: Salsa20Stream): void {
  keystream.nextBlock(memory, 0);
  for (let at = blockWords; at < memory.length; at += blockWords) {
    keystream.nextBlock(memory, at);
    for (let i = at; i < at + blockWords; i++)
      memory[i] = (memory[i] as number) ^ (memory[i - blockWords] as number);
  }
}

function mix(memory: Uint32Array, digest: Uint32Array, keystream: Salsa20Stream): void {
  const block = new Uint32Array(blockWords);
  for (let at = 0; at < memory.length; at += 4) {
    // Both words are read before the exchange, which may hit either; what was exchanged earlier is seen.
    const a = 2 * (lowestByte(memory[at + 1] as number) & 7);
    const b = 2 * lowest18Bits(memory[at + 3] as number);
    const first = memory[b] as number;
    const second = memory[b + 1] as number;
    memory[b] = digest[a] as number;
    memory[b + 1] = digest[a + 1] as number;
    digest[a] = first;
    digest[a + 1] = second;
    keystream.nextBlock(block);
    for (let i = 0; i < blockWords; i++) digest[i] = (digest[i] as number) ^ (block[i] as number);
  }
}

/** The last of the four bytes that a little-endian word stands for. */
function lowestByte(word: number): number {
  return word >>> 24;
}

/** The low bits of the big-endian number in the four bytes that a little-endian word stands for. */
function lowest18Bits(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0x3_0000);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

function bytesOf(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  return new Uint8Array(view.buffer);
}

let kept: Uint32Array | null = null;

function ownScratch(): Uint32Array {
  return (kept ??= new Uint32Array(addressHashScratchWords));
}
