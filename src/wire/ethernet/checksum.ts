/**
 * The checksum of IPv4, ICMP, TCP and UDP: the complement of the ones' complement sum of 16-bit words.
 *
 * Over a range that includes a right checksum it is 0. Source: RFC 1071; the pseudo header of IPv6 is RFC 8200
 * section 8.1, that of IPv4 RFC 9293 section 3.1.
 */

/**
 * The checksum of bytes[start, end), an odd last byte filled with zero.
 *
 * @param sum - of words that are summed too: {@link ipv6PseudoSum}, {@link ipv4PseudoSum}
 * @returns 16 bits
 */
export function internetChecksum(bytes: Uint8Array, start: number, end: number, sum = 0): number {
  return ~fold(sum + wordSum(bytes, start, end)) & 0xffff;
}

/**
 * The sum of what IPv6 adds in front of a message.
 *
 * @param addresses - holds the source and then the destination from `start` on, as in the header
 * @param length - of the message, in bytes
 */
export function ipv6PseudoSum(
  addresses: Uint8Array,
  start: number,
  length: number,
  protocol: number,
): number {
  return wordSum(addresses, start, start + 32) + length + protocol;
}

/** The same of IPv4, for TCP and UDP. */
export function ipv4PseudoSum(
  addresses: Uint8Array,
  start: number,
  length: number,
  protocol: number,
): number {
  return wordSum(addresses, start, start + 8) + length + protocol;
}

/** Without folding: exact up to far more than a frame, as numbers have 53 bits. */
function wordSum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 1 < end; at += 2) sum += (bytes[at] as number) * 256 + (bytes[at + 1] as number);
  return at < end ? sum + (bytes[at] as number) * 256 : sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x1_0000) + Math.floor(folded / 0x1_0000);
  return folded;
}
