/**
 * The IPv4 header.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version 4, length of the header in words of 4 bytes: 5 to 15 |
 * | 1 | 1 | type of service |
 * | 2 | 2 | length of header and content |
 * | 4 | 2 | identification |
 * | 6 | 2 | 3 flags, fragment offset in units of 8 bytes |
 * | 8 | 1 | time to live |
 * | 9 | 1 | protocol |
 * | 10 | 2 | checksum of the header |
 * | 12 | 4 | source |
 * | 16 | 4 | destination |
 * | 20 | 0 to 40 | options |
 *
 * Source: RFC 791. How the rules look at frames (`ip.ts`) is less strict than this.
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import type { Codec, Json, WireReader } from '../codec.ts';
import { formatIpv4 } from '../ip-address.ts';

/** Bytes of a header without options. */
export const ipv4HeaderLengthMin = 20;

/** The header. */
export interface Ipv4Header {
  readonly trafficClass: number;
  /** Of header and content, in bytes, as the sender says. */
  readonly totalLength: number;
  readonly identification: number;
  /** The upper 3 of 16 bits are flags (1: more fragments follow), the others an offset in units of 8 bytes. */
  readonly fragment: number;
  readonly timeToLive: number;
  readonly protocol: number;
  readonly checksum: number;
  readonly source: number;
  readonly destination: number;
  /** A multiple of 4 bytes, up to 40, borrowed. */
  readonly options: Uint8Array;
}

/** The codec; `bad-frame` for another version or a header shorter than 20 bytes. */
export const ipv4Header: Codec<Ipv4Header> = {
  name: 'IPv4 header',
  layout: [
    { name: 'version, length', size: 1, note: '4, and the words of 4 bytes in the header' },
    { name: 'trafficClass', size: 1 },
    { name: 'totalLength', size: 2 },
    { name: 'identification', size: 2 },
    { name: 'fragment', size: 2, note: '3 flags, offset in units of 8 bytes' },
    { name: 'timeToLive', size: 1 },
    { name: 'protocol', size: 1 },
    { name: 'checksum', size: 2 },
    { name: 'source', size: 4 },
    { name: 'destination', size: 4 },
    { name: 'options', size: 'to the end of the header' },
  ],
  read(reader: WireReader): Ipv4Header {
    const first = reader.u8();
    const optionsLength = (first & 0x0f) * 4 - ipv4HeaderLengthMin;
    if (first >> 4 !== 4 || optionsLength < 0) reader.fail('bad-frame');
    return {
      trafficClass: reader.u8(),
      totalLength: reader.u16(),
      identification: reader.u16(),
      fragment: reader.u16(),
      timeToLive: reader.u8(),
      protocol: reader.u8(),
      checksum: reader.u16(),
      source: reader.u32(),
      destination: reader.u32(),
      options: reader.take(optionsLength),
    };
  },
  write(writer: ByteWriter, value: Ipv4Header): void {
    writer.u8(0x40 | ((ipv4HeaderLengthMin + value.options.length) / 4));
    writer.u8(value.trafficClass);
    writer.u16(value.totalLength);
    writer.u16(value.identification);
    writer.u16(value.fragment);
    writer.u8(value.timeToLive);
    writer.u8(value.protocol);
    writer.u16(value.checksum);
    writer.u32(value.source);
    writer.u32(value.destination);
    writer.put(value.options);
  },
  describe(value: Ipv4Header): string {
    return `IPv4 ${formatIpv4(value.source)} → ${formatIpv4(value.destination)}`;
  },
  toJson(value: Ipv4Header): Json {
    return {
      trafficClass: value.trafficClass,
      totalLength: value.totalLength,
      identification: value.identification,
      moreFragments: hasMoreFragments(value),
      dontFragment: (value.fragment & 0x4000) !== 0,
      fragmentOffset: fragmentOffset(value),
      timeToLive: value.timeToLive,
      protocol: value.protocol,
      checksum: value.checksum,
      source: formatIpv4(value.source),
      destination: formatIpv4(value.destination),
      options: toHex(value.options),
    };
  },
};

/** Where the content belongs in the packet that was cut, in bytes. */
export function fragmentOffset(header: Ipv4Header): number {
  return (header.fragment & 0x1fff) * 8;
}

export function hasMoreFragments(header: Ipv4Header): boolean {
  return (header.fragment & 0x2000) !== 0;
}
