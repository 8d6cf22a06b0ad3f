/**
 * One line about a frame for a person: `IPv4 10.144.0.67 → 10.144.0.35 ICMP echo request`.
 *
 * It says what is wrong with a frame instead of throwing; nothing of the content but numbers is shown.
 */
import { ByteReader } from '../../base/bytes.ts';
import type { Codec, WireReader } from '../codec.ts';
import { arp } from './arp.ts';
import { etherTypeName, etherTypes } from './ethernet.ts';
import { icmpMessage, icmpProtocols, icmpv6Message } from './icmp.ts';
import {
  contentOffset,
  contentProtocol,
  ipProtocols,
  notApplicable,
  walkIpv6Extensions,
} from './ip.ts';
import { fragmentOffset, ipv4Header } from './ipv4.ts';
import { ipv6Header } from './ipv6.ts';
import { neighbourMessage, neighbourTypes } from './ndp.ts';
import { tcpHeader } from './tcp.ts';
import { udpHeader } from './udp.ts';

/**
 * Says what is in a frame.
 *
 * @param bytes - holds what follows the Ethernet header in [start, end), borrowed
 */
export function describeFrame(
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): string {
  const reader: WireReader = new ByteReader(bytes, start, end);
  switch (etherType) {
    case etherTypes.arp:
      return described(arp, reader);
    case etherTypes.ipv4:
      return describeIpv4(reader, start);
    case etherTypes.ipv6:
      return describeIpv6(reader, end);
    default:
      return `${etherTypeName(etherType)}, ${end - start} bytes`;
  }
}

function describeIpv4(reader: WireReader, start: number): string {
  const header = ipv4Header.read(reader);
  if (reader.failure !== null) return `IPv4 (${reader.failure})`;
  const line = ipv4Header.describe(header);
  const length = header.totalLength - (reader.offset - start);
  if (length < 0) return `${line} (bad-frame)`;
  const offset = fragmentOffset(header);
  if (offset > 0) return `${line} ${protocolName(header.protocol)} fragment at ${offset}`;
  return `${line} ${describeContent(header.protocol, icmpProtocols.icmp, reader, length)}`;
}

function describeIpv6(reader: WireReader, end: number): string {
  const header = ipv6Header.read(reader);
  if (reader.failure !== null) return `IPv6 (${reader.failure})`;
  const line = ipv6Header.describe(header);
  const at = reader.offset;
  const found = walkIpv6Extensions(header.nextHeader, reader.bytes, at, end);
  if (found === notApplicable) return `${line} (truncated)`;
  const extensionsLength = contentOffset(found) - at;
  const length = header.payloadLength - extensionsLength;
  if (length < 0) return `${line} (bad-frame)`;
  reader.skip(extensionsLength);
  return `${line} ${describeContent(contentProtocol(found), icmpProtocols.icmpv6, reader, length)}`;
}

/**
 * @param icmp - the number that is ICMP here
 * @param length - of the content as the IP header says; the frame may be padded, or cut
 */
function describeContent(
  protocol: number,
  icmp: number,
  reader: WireReader,
  length: number,
): string {
  const missing = length - reader.remaining;
  const at = reader.offset;
  const content: WireReader = new ByteReader(
    reader.bytes,
    at,
    at + Math.min(length, reader.remaining),
  );
  const line =
    protocol === icmp ? describeIcmp(icmp, content) : describeTransport(protocol, content);
  return missing > 0 ? `${line} (${missing} bytes missing)` : line;
}

function describeIcmp(icmp: number, reader: WireReader): string {
  if (icmp === icmpProtocols.icmp) return described(icmpMessage, reader);
  const type = reader.bytes[reader.offset];
  const isNeighbour = type === neighbourTypes.solicitation || type === neighbourTypes.advertisement;
  return isNeighbour && reader.remaining > 0
    ? described(neighbourMessage, reader)
    : described(icmpv6Message, reader);
}

function describeTransport(protocol: number, reader: WireReader): string {
  switch (protocol) {
    case ipProtocols.tcp:
      return describedWithRest(tcpHeader, reader);
    case ipProtocols.udp:
      return describedWithRest(udpHeader, reader);
    default:
      return `${protocolName(protocol)} ${reader.remaining} bytes`;
  }
}

function described<T>(codec: Codec<T>, reader: WireReader): string {
  const value = codec.read(reader);
  return reader.failure === null ? codec.describe(value) : `${codec.name} (${reader.failure})`;
}

function describedWithRest<T>(codec: Codec<T>, reader: WireReader): string {
  const line = described(codec, reader);
  return reader.failure === null ? `${line} ${reader.remaining} bytes` : line;
}

function protocolName(protocol: number): string {
  return protocolNames[protocol] ?? `protocol ${protocol}`;
}

/** IANA registry of protocol numbers. */
const protocolNames: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  44: 'IPv6 fragment',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'no next header',
  132: 'SCTP',
  136: 'UDP-Lite',
};
