/**
 * Addresses of IPv4 (a number) and IPv6 (16 bytes): their text, and whether they lie in a prefix.
 *
 * Text of IPv6 is written as RFC 5952 says: lower case, no leading zeros, the longest run of two or more zero groups as
 * `::` (the first of equal ones), IPv4-mapped addresses with a dotted end. Every form of RFC 4291 section 2.2 is read.
 */
import { u16At } from './big-endian.ts';

/** Four decimal numbers with dots. @param address - 0 to 2³² − 1 */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The address of four decimal numbers without leading zeros; null for anything else. */
export function parseIpv4(text: string): number | null {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return null;
  let address = 0;
  for (const part of text.split('.')) {
    if (Number(part) > 255) return null;
    address = address * 256 + Number(part);
  }
  return address;
}

/** The text of the 16 bytes from `start` on. */
export function formatIpv6(bytes: Uint8Array, start = 0): string {
  const groups = Array.from({ length: 8 }, (_, i) => u16At(bytes, start + 2 * i));
  if (isMapped(groups)) {
    return `::ffff:${formatIpv4(((groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0)) >>> 0)}`;
  }
  const gap = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (gap.length < 2) return text(groups);
  return `${text(groups.slice(0, gap.start))}::${text(groups.slice(gap.start + gap.length))}`;
}

/** The 16 bytes, new, of an IPv6 address in any of its forms, without a zone; null for anything else. */
export function parseIpv6(text: string): Uint8Array | null {
  // The longest text has 45 characters; what is longer need not be looked at.
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const bytes = new Uint8Array(16);
  [...head, ...new Array<number>(missing).fill(0), ...tail].forEach((group, i) => {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 255;
  });
  return bytes;
}

/** Whether the first `bits` bits of two IPv4 addresses are equal. @param bits - 0 to 32 */
export function isInIpv4Prefix(address: number, prefix: number, bits: number): boolean {
  return bits === 0 || (address ^ prefix) >>> (32 - bits) === 0;
}

/**
 * Whether the first `bits` bits of two IPv6 addresses are equal.
 *
 * @param address - holds the address from `start` on. @param prefix - 16 bytes. @param bits - 0 to 128
 */
export function isInIpv6Prefix(
  address: Uint8Array,
  prefix: Uint8Array,
  bits: number,
  start = 0,
): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (address[start + i] !== prefix[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const difference = (address[start + whole] as number) ^ (prefix[whole] as number);
  return difference >> (8 - rest) === 0;
}

/** ::ffff:0:0/96 */
function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** Groups between colons, none for no text; the last may be an IPv4 address where the whole address ends with it. */
function parseGroups(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const dotted = isEnd && i === parts.length - 1 ? parseIpv4(part) : null;
    if (dotted === null) return null;
    groups.push(dotted >>> 16, dotted & 0xffff);
  }
  return groups;
}
