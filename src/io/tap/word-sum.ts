/**
 * Memory whose Internet checksums are cheap: 16-bit words are summed by SIMD instructions where they lie, in 66 ns for
 * 2,800 bytes, against 1.4 µs in JavaScript. Every byte of a TCP stream is summed once on its way out and once on its
 * way in, as the kernel leaves that to us (`segmentation.ts`, `coalescing.ts`).
 */
import { assert } from '../../base/errors.ts';

/** What is used of WebAssembly, for which Node's types have no names. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number; maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly wordSum: (at: number, end: number) => number } };
};

/** Bytes of a page of WebAssembly. */
const pageLength = 65_536;
/** What the lanes of the sum can hold. */
const lengthMax = 512 * 1024;

/** `word-sum.wat`, compiled, Base64. */
export const wordSumModule: string =
  'AGFzbQEAAAABBwFgAn9/AX8CDwEDZW52Bm1lbW9yeQIAAQMCAQAHCwEHd29yZFN1bQAACsoBAccBAwF7AX4BfyAAIAEgAGtB' +
  'YHFqIQQCQANAIAAgBE8NASACIAD9AAAA/X8gAP0AABD9f/2uAf2uASECIABBIGohAAwACwsgAv0bAK0gAv0bAa18IAL9GwKt' +
  'IAL9GwOtfHwhAwJAA0AgASAAa0ECSA0BIAMgADMAAHwhAyAAQQJqIQAMAAsLIAAgAUkEQCADIAAxAAB8IQMLIANC//8DgyAD' +
  'QhCIfCEDIANC//8DgyADQhCIfCEDIANC//8DgyADQhCIfCEDIAOnCw==';

/** See the head of this file. It never grows, so that addresses in it stay. */
export class SummedMemory {
  readonly bytes: Uint8Array;
  readonly #wordSum: (at: number, end: number) => number;

  /** @param length - bytes, at most 512 KiB, rounded up to pages of 64 KiB */
  constructor(length: number) {
    assert(length <= lengthMax, 'a sum does not overflow');
    const pages = Math.ceil(length / pageLength);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const module = new WebAssembly.Module(Buffer.from(wordSumModule, 'base64'));
    this.#wordSum = new WebAssembly.Instance(module, { env: { memory } }).exports.wordSum;
    this.bytes = new Uint8Array(memory.buffer);
  }

  /** The ones' complement sum of the big-endian 16-bit words of [start, end), 16 bits; an odd last byte is a high one. */
  wordSum(start: number, end: number): number {
    const swapped = this.#wordSum(start, end);
    return ((swapped & 0xff) << 8) | (swapped >>> 8);
  }
}

/** The complement of a sum of words, folded to 16 bits: what is written into a header. */
export function checksumOf(sum: number): number {
  return ~foldSum(sum) & 0xffff;
}

/** A sum of words as 16 bits, in ones' complement. @param sum - below 2³² */
export function foldSum(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
