/**
 * The slow twin of src/crypto/address-hash.ts: the same function from the same text (vl1.md 1.2), byte by byte, sharing
 * no code with it. Salsa20 is written from its specification, sections 2 to 9, with the loops it has there.
 */
import { createHash } from 'node:crypto';

const memoryBytes = 2_097_152;
const wordCount = memoryBytes / 8;

/** What the vectors know: the memory after the first phase, and the result. */
export interface SlowAddressHash {
  /** SHA-512 of the memory between the phases. */
  readonly filled: Uint8Array;
  /** Its first and last 64 bytes. */
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  readonly digest: Uint8Array;
}

/** Hashes a public key of 64 bytes; takes about a second. */
export function slowAddressHash(publicKey: Uint8Array): SlowAddressHash {
  const digest = sha512(publicKey);
  const key = digest.slice(0, 32);
  const nonce = digest.slice(32, 40);
  let block = 0;
  const nextBlock = (): Uint8Array => salsa20Block(key, nonce, block++);

  const memory = new Uint8Array(memoryBytes);
  let previous = new Uint8Array(64);
  for (let at = 0; at < memoryBytes; at += 64) {
    previous = nextBlock().map((byte, i) => byte ^ previous[i]!);
    memory.set(previous, at);
  }
  const filled = sha512(memory);
  const first = memory.slice(0, 64);
  const last = memory.slice(-64);

  const words = new DataView(memory.buffer);
  const bigEndianWord = (index: number): bigint => words.getBigUint64(8 * index);
  for (let i = 0; i < wordCount; i += 2) {
    const a = Number(bigEndianWord(i) % 8n);
    const b = Number(bigEndianWord(i + 1) % BigInt(wordCount));
    for (let byte = 0; byte < 8; byte++) {
      const kept = memory[8 * b + byte]!;
      memory[8 * b + byte] = digest[8 * a + byte]!;
      digest[8 * a + byte] = kept;
    }
    nextBlock().forEach((byte, at) => (digest[at]! ^= byte));
  }
  return { filled, first, last, digest };
}

/** Which words a double round mixes: the columns from the diagonal downwards, then the rows from it to the right. */
const quarters = [4, 1].flatMap((step) =>
  [0, 1, 2, 3].map((i) => {
    const at = (n: number): number => (step === 4 ? (5 * i + 4 * n) % 16 : 4 * i + ((i + n) % 4));
    return [at(0), at(1), at(2), at(3)] as const;
  }),
);

function sha512(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha512').update(bytes).digest());
}

function salsa20Block(key: Uint8Array, nonce: Uint8Array, block: number): Uint8Array {
  const bytes = new Uint8Array(64);
  const constant = new TextEncoder().encode('expand 32-byte k');
  bytes.set(constant.slice(0, 4), 0);
  bytes.set(key.slice(0, 16), 4);
  bytes.set(constant.slice(4, 8), 20);
  bytes.set(nonce, 24);
  new DataView(bytes.buffer).setUint32(32, block, true);
  bytes.set(constant.slice(8, 12), 40);
  bytes.set(key.slice(16), 44);
  bytes.set(constant.slice(12), 60);

  const view = new DataView(bytes.buffer);
  const start = Array.from({ length: 16 }, (_, i) => view.getUint32(4 * i, true));
  const x = [...start];
  for (let double = 0; double < 10; double++) {
    for (const [a, b, c, d] of quarters) {
      x[b]! ^= turn(x[a]! + x[d]!, 7);
      x[c]! ^= turn(x[b]! + x[a]!, 9);
      x[d]! ^= turn(x[c]! + x[b]!, 13);
      x[a]! ^= turn(x[d]! + x[c]!, 18);
    }
  }
  x.forEach((word, i) => {
    view.setUint32(4 * i, word + start[i]!, true);
  });
  return bytes;
}

function turn(sum: number, bits: number): number {
  return (sum << bits) | ((sum >>> 0) >>> (32 - bits));
}
