/**
 * Poly1305 in plain JavaScript: for providers whose library does not offer it.
 *
 * Source: RFC 8439 section 2.5. The accumulator is six limbs of 22 bits, kept in doubles: a product of two limbs, times
 * 20 for the wrap-around (2^132 = 4 · 2^130 ≡ 4 · 5 mod 2^130 − 5), summed six times, stays below 2^52, so every sum is
 * exact. That takes 36 multiplications for a block where the usual thirteen-bit integer limbs take 100.
 */
import { assert } from '../base/errors.ts';

/** Bytes of a tag. */
export const poly1305TagLength = 16;

/** One limb, and its inverse: both powers of two, so that multiplying by them is exact. */
const limb = 0x40_0000;
const perLimb: number = 1 / limb;
const limbMask = 0x3f_ffff;

/** The bit that ends a block of 16 bytes: 2^128, in the sixth limb. */
const blockEnd = 0x4_0000;

/** The last block of a message, padded; and the accumulator between two calls of {@link absorb}. */
const lastBlock = new Uint8Array(16);
const accumulator = new Float64Array(6);

/**
 * The tag of one message under a key that is used once.
 *
 * @param key - 32 bytes: r, then s. @param bytes - holds the message in [start, end). @param tag - 16 bytes, written
 */
export function poly1305(
  key: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  tag: Uint8Array,
): void {
  assert(
    key.length === 32 && tag.length === poly1305TagLength,
    'Poly1305: 32-byte key, 16-byte tag',
  );
  assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its buffer');
  accumulator.fill(0);
  const whole = end - ((end - start) & 15);
  absorb(key, bytes, start, whole, blockEnd);
  if (whole < end) {
    lastBlock.fill(0);
    for (let i = whole; i < end; i++) lastBlock[i - whole] = bytes[i] as number;
    lastBlock[end - whole] = 1;
    absorb(key, lastBlock, 0, 16, 0);
  }
  finish(key, tag);
}

/** Takes whole blocks into the accumulator: h = (h + block) · r. @param endBit - what the sixth limb of each gets */
function absorb(
  key: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  endBit: number,
): void {
  // r, clamped, as limbs; q are the same times 20, for what wraps around.
  const k0 = word(key, 0) & 0x0fff_ffff;
  const k1 = word(key, 4) & 0x0fff_fffc;
  const k2 = word(key, 8) & 0x0fff_fffc;
  const k3 = word(key, 12) & 0x0fff_fffc;
  const r0 = k0 & limbMask;
  const r1 = ((k0 >>> 22) | (k1 << 10)) & limbMask;
  const r2 = ((k1 >>> 12) | (k2 << 20)) & limbMask;
  const r3 = (k2 >>> 2) & limbMask;
  const r4 = ((k2 >>> 24) | (k3 << 8)) & limbMask;
  const r5 = k3 >>> 14;
  const q1 = 20 * r1;
  const q2 = 20 * r2;
  const q3 = 20 * r3;
  const q4 = 20 * r4;
  const q5 = 20 * r5;

  let h0 = accumulator[0] as number;
  let h1 = accumulator[1] as number;
  let h2 = accumulator[2] as number;
  let h3 = accumulator[3] as number;
  let h4 = accumulator[4] as number;
  let h5 = accumulator[5] as number;
  for (let at = start; at < end; at += 16) {
    const m0 = word(bytes, at);
    const m1 = word(bytes, at + 4);
    const m2 = word(bytes, at + 8);
    const m3 = word(bytes, at + 12);
    const a0 = h0 + (m0 & limbMask);
    const a1 = h1 + (((m0 >>> 22) | (m1 << 10)) & limbMask);
    const a2 = h2 + (((m1 >>> 12) | (m2 << 20)) & limbMask);
    const a3 = h3 + ((m2 >>> 2) & limbMask);
    const a4 = h4 + (((m2 >>> 24) | (m3 << 8)) & limbMask);
    const a5 = h5 + ((m3 >>> 14) | endBit);

    h0 = a0 * r0 + a1 * q5 + a2 * q4 + a3 * q3 + a4 * q2 + a5 * q1;
    h1 = a0 * r1 + a1 * r0 + a2 * q5 + a3 * q4 + a4 * q3 + a5 * q2;
    h2 = a0 * r2 + a1 * r1 + a2 * r0 + a3 * q5 + a4 * q4 + a5 * q3;
    h3 = a0 * r3 + a1 * r2 + a2 * r1 + a3 * r0 + a4 * q5 + a5 * q4;
    h4 = a0 * r4 + a1 * r3 + a2 * r2 + a3 * r1 + a4 * r0 + a5 * q5;
    h5 = a0 * r5 + a1 * r4 + a2 * r3 + a3 * r2 + a4 * r1 + a5 * r0;

    // Two chains of carries at a time, 0 → 1 → 2 → 3 → 4 and 3 → 4 → 5 → 0 → 1: half as long as one through all limbs.
    let low = Math.floor(h0 * perLimb);
    let high = Math.floor(h3 * perLimb);
    h0 -= low * limb;
    h3 -= high * limb;
    h1 += low;
    h4 += high;
    low = Math.floor(h1 * perLimb);
    high = Math.floor(h4 * perLimb);
    h1 -= low * limb;
    h4 -= high * limb;
    h2 += low;
    h5 += high;
    low = Math.floor(h2 * perLimb);
    high = Math.floor(h5 * perLimb);
    h2 -= low * limb;
    h5 -= high * limb;
    h3 += low;
    h0 += 20 * high;
    low = Math.floor(h3 * perLimb);
    high = Math.floor(h0 * perLimb);
    h3 -= low * limb;
    h0 -= high * limb;
    h4 += low;
    h1 += high;
  }
  accumulator[0] = h0;
  accumulator[1] = h1;
  accumulator[2] = h2;
  accumulator[3] = h3;
  accumulator[4] = h4;
  accumulator[5] = h5;
}

/** tag = ((h mod 2^130 − 5) + s) mod 2^128, and the accumulator is wiped. */
function finish(key: Uint8Array, tag: Uint8Array): void {
  // Two passes bring h below 2^130: bits from 130 on, which begin at bit 20 of the sixth limb, come back times five.
  const h = new Int32Array(accumulator);
  accumulator.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    let carry = 5 * ((h[5] as number) >>> 20);
    h[5] = (h[5] as number) & 0xf_ffff;
    for (let i = 0; i < 6; i++) {
      const sum = (h[i] as number) + carry;
      h[i] = sum & limbMask;
      carry = sum >>> 22;
    }
  }
  // h − (2^130 − 5) = h + 5 − 2^130: taken where it is not negative, that is where h + 5 reaches bit 130.
  const reduced = new Int32Array(6);
  let carry = 5;
  for (let i = 0; i < 6; i++) {
    const sum = (h[i] as number) + carry;
    reduced[i] = sum & limbMask;
    carry = sum >>> 22;
  }
  const take = -((reduced[5] as number) >>> 20);
  reduced[5] = (reduced[5] as number) & 0xf_ffff;
  for (let i = 0; i < 6; i++) h[i] = ((h[i] as number) & ~take) | ((reduced[i] as number) & take);

  const [h0, h1, h2, h3, h4, h5] = h as unknown as [number, number, number, number, number, number];
  const words = [
    h0 | (h1 << 22),
    (h1 >>> 10) | (h2 << 12),
    (h2 >>> 20) | (h3 << 2) | (h4 << 24),
    (h4 >>> 8) | (h5 << 14),
  ];
  let over = 0;
  for (let i = 0; i < 4; i++) {
    const sum = ((words[i] as number) >>> 0) + (word(key, 16 + 4 * i) >>> 0) + over;
    over = sum > 0xffff_ffff ? 1 : 0;
    for (let byte = 0; byte < 4; byte++) tag[4 * i + byte] = sum >>> (8 * byte);
  }
}

/** Four bytes, little-endian, as a signed 32-bit number. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
