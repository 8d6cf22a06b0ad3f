/**
 * The LZ4 block format, both ways, without an allocation that outlives the call.
 *
 * A block is sequences, each: a token (high nibble: literals, low nibble: length of the match less 4; 15 goes on in bytes
 * that add up, until one below 255), the literals, a 2-byte little-endian distance back, the rest of the match's length.
 * The last sequence ends after its literals. Writers keep the last 5 bytes literal and begin no match in the last 12.
 *
 * Source: the LZ4 block format description (github.com/lz4/lz4, doc/lz4_Block_format.md); how the protocol uses it: vl1
 * 2.11. Output need not equal another compressor's, but does: see `lz4.test.ts`.
 */
import { assert } from '../../base/errors.ts';

const matchLengthMin = 4;
/** The last bytes of a block are literals. */
const lastLiterals = 5;
/** No match begins this near the end. */
const matchStartMargin = 12;
const nibbleMax = 15;
/** Above this a call of the engine's copy takes less time than a loop (measured: about 20 bytes). */
const longCopy = 24;

/** Bytes of input that {@link compressBlock} takes: positions are kept in 16 bits. */
export const compressBlockLengthMax = 65_535;

/**
 * Decompresses a whole block. Bytes from the network: anything that is not exactly one block is refused, and nothing is
 * written outside of the room given.
 *
 * @param out - another buffer, or one in which the ranges do not overlap
 * @param outEnd - where the room ends
 * @returns the end of the output; −1 for a damaged block or one whose output needs more room
 */
export function decompressBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart: number,
  outEnd: number,
): number {
  assert(end <= bytes.length && outEnd <= out.length, 'a block and its room lie in their buffers');
  let at = start;
  let to = outStart;
  while (at < end) {
    const token = bytes[at++] as number;

    let literals = token >> 4;
    if (literals === nibbleMax) {
      let more: number;
      do {
        if (at >= end) return -1;
        more = bytes[at++] as number;
        literals += more;
      } while (more === 255);
    }
    if (literals > end - at || literals > outEnd - to) return -1;
    if (literals > longCopy) {
      out.set(bytes.subarray(at, at + literals), to);
      at += literals;
      to += literals;
    } else for (const stop = at + literals; at < stop;) out[to++] = bytes[at++] as number;
    if (at === end) return to;

    if (end - at < 2) return -1;
    const distance = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    at += 2;
    let match = (token & nibbleMax) + matchLengthMin;
    if (match === nibbleMax + matchLengthMin) {
      let more: number;
      do {
        if (at >= end) return -1;
        more = bytes[at++] as number;
        match += more;
      } while (more === 255);
    }
    let from = to - distance;
    if (distance === 0 || from < outStart || match > outEnd - to) return -1;
    if (match > longCopy && distance >= match) {
      out.copyWithin(to, from, from + match);
      to += match;
    } else for (const stop = to + match; to < stop;) out[to++] = out[from++] as number;
  }
  // A block ends in literals, so an end here is one without them, or no block at all.
  return -1;
}

const hashBits = 13;
/** For every hash the last position that had it, counted on from {@link epoch}: smaller values are of earlier blocks. */
const table = new Int32Array(1 << hashBits);
/** Where the table starts again: numbers stay small integers. */
const epochMax = 1 << 24;
let epoch = 1;

/**
 * Compresses into one block: greedy, one candidate per position, faster over what does not compress.
 *
 * @param out - another buffer, or one in which the ranges do not overlap
 * @param outEnd - where the room ends
 * @returns the end of the block; −1 where it needs more room
 */
export function compressBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart: number,
  outEnd: number,
): number {
  const length = end - start;
  assert(length > 0 && length <= compressBlockLengthMax, 'a block is 1 to 65535 bytes');
  assert(end <= bytes.length && outEnd <= out.length, 'a block and its room lie in their buffers');
  if (epoch > epochMax) {
    table.fill(0);
    epoch = 1;
  }
  // What the table holds of this block is at least `origin`, and `slot - shift` is a position.
  const origin = epoch;
  const shift = origin - start;
  epoch += length;

  // Four bytes by one load, at any address: a third less time than by four.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const matchStartMax = end - matchStartMargin;
  const matchEnd = end - lastLiterals;
  let to = outStart;
  let anchor = start;

  if (length > matchStartMargin) {
    table[hashAt(view, start)] = start + shift;
    let at = start + 1;
    for (;;) {
      // Search: every 64 misses in a row make the steps one longer.
      let candidate: number;
      let misses = 1 << skipTrigger;
      let step = 1;
      let next = at;
      for (;;) {
        at = next;
        next += step;
        step = misses++ >> skipTrigger;
        if (next > matchStartMax) return literalRun(bytes, anchor, end, out, to, outEnd);
        const hash = hashAt(view, at);
        const entry = table[hash] as number;
        table[hash] = at + shift;
        candidate = entry - shift;
        if (entry >= origin && sameFour(view, candidate, at)) break;
      }
      // Longer backwards.
      while (at > anchor && candidate > start && bytes[at - 1] === bytes[candidate - 1]) {
        at--;
        candidate--;
      }
      for (;;) {
        let from = candidate + matchLengthMin;
        let stop = at + matchLengthMin;
        while (stop + 4 <= matchEnd && sameFour(view, from, stop)) {
          stop += 4;
          from += 4;
        }
        while (stop < matchEnd && bytes[stop] === bytes[from]) {
          stop++;
          from++;
        }
        to = sequence(bytes, anchor, at, at - candidate, stop - at, out, to, outEnd);
        if (to < 0) return -1;
        at = stop;
        anchor = stop;
        if (at > matchStartMax) return literalRun(bytes, anchor, end, out, to, outEnd);
        table[hashAt(view, at - 2)] = at - 2 + shift;
        // Often the next match begins at once.
        const hash = hashAt(view, at);
        const entry = table[hash] as number;
        table[hash] = at + shift;
        candidate = entry - shift;
        if (!(entry >= origin && sameFour(view, candidate, at))) break;
      }
      at++;
    }
  }
  return literalRun(bytes, anchor, end, out, to, outEnd);
}

const skipTrigger = 6;

function hashAt(view: DataView, at: number): number {
  return Math.imul(view.getInt32(at, true), 2_654_435_761) >>> (32 - hashBits);
}

function sameFour(view: DataView, a: number, b: number): boolean {
  return view.getInt32(a, true) === view.getInt32(b, true);
}

/** Writes literals and the match after them. @returns the new end, −1 where there is no room */
function sequence(
  bytes: Uint8Array,
  literalStart: number,
  literalEnd: number,
  distance: number,
  matchLength: number,
  out: Uint8Array,
  to: number,
  outEnd: number,
): number {
  const tokenAt = to;
  to = literalRun(bytes, literalStart, literalEnd, out, to, outEnd);
  if (to < 0 || outEnd - to < 2) return -1;
  out[to++] = distance;
  out[to++] = distance >> 8;
  const code = matchLength - matchLengthMin;
  out[tokenAt] = (out[tokenAt] as number) | (code < nibbleMax ? code : nibbleMax);
  return code < nibbleMax ? to : lengthBytes(code - nibbleMax, out, to, outEnd);
}

/** Writes a token without a match, and its literals: the end of a block, or what {@link sequence} adds its match to. */
function literalRun(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  to: number,
  outEnd: number,
): number {
  const length = end - start;
  if (outEnd - to < 1 + length) return -1;
  if (length < nibbleMax) out[to++] = length << 4;
  else {
    out[to++] = nibbleMax << 4;
    to = lengthBytes(length - nibbleMax, out, to, outEnd);
    if (to < 0 || outEnd - to < length) return -1;
  }
  if (length > longCopy) {
    out.set(bytes.subarray(start, end), to);
    return to + length;
  }
  for (let at = start; at < end; at++) out[to++] = bytes[at] as number;
  return to;
}

function lengthBytes(rest: number, out: Uint8Array, to: number, outEnd: number): number {
  if (outEnd - to < 1 + Math.floor(rest / 255)) return -1;
  for (; rest >= 255; rest -= 255) out[to++] = 255;
  out[to++] = rest;
  return to;
}
