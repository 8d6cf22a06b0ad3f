/**
 * What the rules of a network ask of a frame, by offset and without allocation, for IPv4 and IPv6 alike.
 *
 * All functions take what follows the Ethernet header as bytes[start, end), borrowed. They look at frames as the
 * reference's rules do, which is laxer than the codecs beside this file: neither the version, nor the fragment offset, nor
 * an IPv4 header length below 5 is checked, so that all members of a network judge a frame alike. What lies outside the
 * frame is never read.
 *
 * Source: vl2.md 7.2; the cases in `test/vectors/rules.json`.
 */
import { u16At } from '../big-endian.ts';
import { etherTypes } from './ethernet.ts';
import { icmpProtocols } from './icmp.ts';
import { ipv4HeaderLengthMin } from './ipv4.ts';
import { ipv6HeaderLength } from './ipv6.ts';

/** The frame cannot be asked: it is not IP, or its IP headers are cut. In a rule this is false, also after NOT. */
export const notApplicable = -2;
/** The frame can be asked, and has no such thing. */
export const absent = -1;

/** Protocol numbers that are looked into. */
export const ipProtocols = { tcp: 6, udp: 17, sctp: 132, udpLite: 136 } as const;

/**
 * What an IP packet holds and where: one number, to return both without allocation. See {@link contentProtocol} and
 * {@link contentOffset}.
 */
export type IpContent = number;

/** Finds the content behind the IP header and, with IPv6, its extension headers; or {@link notApplicable}. */
export function ipContentAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): IpContent {
  if (etherType === etherTypes.ipv4 && end - start >= ipv4HeaderLengthMin)
    return content(bytes[start + 9] as number, start + ((bytes[start] as number) & 0x0f) * 4);
  if (etherType === etherTypes.ipv6 && end - start >= ipv6HeaderLength)
    return walkIpv6Extensions(bytes[start + 6] as number, bytes, start + ipv6HeaderLength, end);
  return notApplicable;
}

/**
 * Passes over extension headers of IPv6 that have a length: hop-by-hop and destination options, routing, mobility. Others,
 * also the fragment header, count as content.
 *
 * @param nextHeader - what stands at `at`
 * @returns {@link notApplicable} where a header is cut; the content may begin at the very end
 */
export function walkIpv6Extensions(
  nextHeader: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): IpContent {
  let protocol = nextHeader;
  let offset = at;
  while (protocol === 0 || protocol === 43 || protocol === 60 || protocol === 135) {
    if (offset + 8 > end) return notApplicable;
    protocol = bytes[offset] as number;
    offset += ((bytes[offset + 1] as number) + 1) * 8;
    if (offset > end) return notApplicable;
  }
  return content(protocol, offset);
}

/** The protocol of a content that was found. */
export function contentProtocol(found: IpContent): number {
  return found % 256;
}

/** Where a content that was found begins in the buffer; with IPv4 this may be past the end of the frame. */
export function contentOffset(found: IpContent): number {
  return Math.floor(found / 256);
}

/** The protocol behind all headers, or {@link notApplicable}. */
export function ipProtocolAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const found = ipContentAt(etherType, bytes, start, end);
  return found === notApplicable ? notApplicable : contentProtocol(found);
}

/** Type of service of IPv4, traffic class of IPv6: 8 bits, or {@link notApplicable}. */
export function trafficClassAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (etherType === etherTypes.ipv4 && end - start >= ipv4HeaderLengthMin)
    return bytes[start + 1] as number;
  if (etherType === etherTypes.ipv6 && end - start >= ipv6HeaderLength)
    return (u16At(bytes, start) >> 4) & 0xff;
  return notApplicable;
}

/** Type × 256 + code of an ICMP message in IPv4, an ICMPv6 message in IPv6; else {@link notApplicable}. */
export function icmpTypeAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const found = ipContentAt(etherType, bytes, start, end);
  const wanted = etherType === etherTypes.ipv4 ? icmpProtocols.icmp : icmpProtocols.icmpv6;
  if (found === notApplicable || contentProtocol(found) !== wanted) return notApplicable;
  const at = contentOffset(found);
  return end - at < 2 ? notApplicable : u16At(bytes, at);
}

/**
 * The source port of TCP, UDP, SCTP and UDP-Lite; {@link absent} with another protocol or fewer than 5 bytes of it;
 * {@link notApplicable} where the frame cannot be asked. (That port 0 never matches with IPv6 is the rules' affair.)
 */
export function sourcePortAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  return portAt(0, etherType, bytes, start, end);
}

/** The destination port, like {@link sourcePortAt}. */
export function destinationPortAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  return portAt(2, etherType, bytes, start, end);
}

/**
 * The 12 flags of a TCP header, `tcpFlagNames` from bit 0 up and three reserved ones; 0 for everything else.
 *
 * Of IPv6 the first 15 bytes of the header must be there. Of IPv4 the reference does not ask; we want the flags
 * themselves.
 */
export function tcpFlagsAt(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const found = ipContentAt(etherType, bytes, start, end);
  if (found === notApplicable || contentProtocol(found) !== ipProtocols.tcp) return 0;
  const at = contentOffset(found);
  if (end - at < (etherType === etherTypes.ipv6 ? 15 : 14)) return 0;
  return u16At(bytes, at + 12) & 0x0fff;
}

function portAt(
  skip: 0 | 2,
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const found = ipContentAt(etherType, bytes, start, end);
  if (found === notApplicable) return notApplicable;
  const at = contentOffset(found);
  switch (contentProtocol(found)) {
    case ipProtocols.tcp:
    case ipProtocols.udp:
    case ipProtocols.sctp:
    case ipProtocols.udpLite:
      return end - at < 5 ? absent : u16At(bytes, at + skip);
    default:
      return absent;
  }
}

/** An offset in a buffer of any size times 256 is exact. */
function content(protocol: number, offset: number): IpContent {
  return offset * 256 + protocol;
}
