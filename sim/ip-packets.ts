/** IP packets for the little host behind a tap, and addresses as bytes: 4 of IPv4, 16 of IPv6. */
import { ByteReader, ByteWriter } from '../src/base/bytes.ts';
import type { Mac } from '../src/base/ids.ts';
import type { IpPrefix } from '../src/core/ports.ts';
import { internetChecksum, ipv6PseudoSum } from '../src/wire/ethernet/checksum.ts';
import { icmpProtocols } from '../src/wire/ethernet/icmp.ts';
import { ipv4Header, ipv4HeaderLengthMin } from '../src/wire/ethernet/ipv4.ts';
import { ipv6Header, ipv6HeaderLength } from '../src/wire/ethernet/ipv6.ts';
import { linkAddressOptions, neighbourFlags, neighbourMessage } from '../src/wire/ethernet/ndp.ts';
import {
  formatIpv4,
  formatIpv6,
  isInIpv4Prefix,
  isInIpv6Prefix,
  parseIpv4,
  parseIpv6,
} from '../src/wire/ip-address.ts';

/** An address with the length of its network's prefix. */
export interface ParsedPrefix {
  readonly ip: Uint8Array;
  readonly bits: number;
  readonly text: string;
}

/** Whether an address lies in the prefix of another. */
export function isIn(ip: Uint8Array, prefix: ParsedPrefix): boolean {
  if (ip.length !== prefix.ip.length) return false;
  return ip.length === 4
    ? isInIpv4Prefix(ipv4Number(ip), ipv4Number(prefix.ip), prefix.bits)
    : isInIpv6Prefix(ip, prefix.ip, prefix.bits);
}

/** A question or an answer of neighbour discovery, without its checksum. */
export function neighbour(
  kind: 'solicitation' | 'advertisement',
  target: Uint8Array,
  mac: Mac,
): Uint8Array {
  const macWriter = new ByteWriter(new Uint8Array(6));
  macWriter.u48(mac);
  const writer = new ByteWriter(new Uint8Array(32));
  neighbourMessage.write(writer, {
    kind,
    code: 0,
    checksum: 0,
    flags: kind === 'solicitation' ? 0 : neighbourFlags.solicited | neighbourFlags.override,
    target,
    options: [
      {
        type: linkAddressOptions[kind === 'solicitation' ? 'source' : 'target'],
        bytes: macWriter.bytes,
      },
    ],
  });
  return writer.bytes;
}

/** An IPv4 packet with an ICMP message. @param message - copied, its checksum filled in */
export function icmpPacket(source: Uint8Array, to: Uint8Array, message: Uint8Array): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(ipv4HeaderLengthMin + message.length));
  ipv4Header.write(writer, {
    trafficClass: 0,
    totalLength: writer.bytes.length,
    identification: 0,
    fragment: 0x4000,
    timeToLive: 64,
    protocol: icmpProtocols.icmp,
    checksum: 0,
    source: ipv4Number(source),
    destination: ipv4Number(to),
    options: new Uint8Array(0),
  });
  writer.put(message);
  const { bytes } = writer;
  writer.seek(10);
  writer.u16(internetChecksum(bytes, 0, ipv4HeaderLengthMin));
  writer.seek(ipv4HeaderLengthMin + 2);
  writer.u16(internetChecksum(bytes, ipv4HeaderLengthMin, bytes.length));
  return bytes;
}

/** An IPv6 packet with an ICMPv6 message. @param message - copied, its checksum filled in */
export function icmpv6Packet(source: Uint8Array, to: Uint8Array, message: Uint8Array): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(ipv6HeaderLength + message.length));
  ipv6Header.write(writer, {
    trafficClass: 0,
    flowLabel: 0,
    payloadLength: message.length,
    nextHeader: icmpProtocols.icmpv6,
    hopLimit: 255,
    source,
    destination: to,
  });
  writer.put(message);
  const { bytes } = writer;
  const sum = ipv6PseudoSum(bytes, 8, message.length, icmpProtocols.icmpv6);
  writer.seek(ipv6HeaderLength + 2);
  writer.u16(internetChecksum(bytes, ipv6HeaderLength, bytes.length, sum));
  return bytes;
}

/** An address with the length of its prefix. */
export function parsePrefix({ ip, bits }: IpPrefix): ParsedPrefix {
  return { ip: parseIp(ip), bits, text: ip };
}

/** The 4 or 16 bytes of an address that is known to be right. */
export function parseIp(text: string): Uint8Array {
  const ipv4 = parseIpv4(text);
  const ip = ipv4 === null ? parseIpv6(text) : ipv4Bytes(ipv4);
  if (ip === null) throw new Error(`no IP address: ${text}`);
  return ip;
}

/** The text of 4 or 16 bytes. */
export function textOf(ip: Uint8Array): string {
  return ip.length === 4 ? formatIpv4(ipv4Number(ip)) : formatIpv6(ip);
}

/** The 4 bytes of an address. */
export function ipv4Bytes(ip: number): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(4));
  writer.u32(ip);
  return writer.bytes;
}

/** The number of 4 bytes. */
export function ipv4Number(ip: Uint8Array): number {
  return new ByteReader(ip).u32();
}
