/**
 * The IPv6 header.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 4 | version 6, 8 bits of traffic class, 20 of flow label |
 * | 4 | 2 | length of what follows the header |
 * | 6 | 1 | next header: a protocol, or an extension header |
 * | 7 | 1 | hop limit |
 * | 8 | 16 | source |
 * | 24 | 16 | destination |
 *
 * Source: RFC 8200 section 3. Extension headers are walked in `ip.ts`.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import type { Codec, Json, WireReader } from '../codec.ts';
import { formatIpv6 } from '../ip-address.ts';

/** Bytes of the header. */
export const ipv6HeaderLength = 40;

/** The header. */
export interface Ipv6Header {
  readonly trafficClass: number;
  /** 20 bits. */
  readonly flowLabel: number;
  /** Of what follows the header, in bytes, as the sender says. */
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  /** 16 bytes, borrowed. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** The codec, 40 bytes; `bad-frame` for another version. */
export const ipv6Header: Codec<Ipv6Header> = {
  name: 'IPv6 header',
  layout: [
    { name: 'version, trafficClass, flowLabel', size: 4, note: '4 bits (6), 8 bits, 20 bits' },
    { name: 'payloadLength', size: 2 },
    { name: 'nextHeader', size: 1 },
    { name: 'hopLimit', size: 1 },
    { name: 'source', size: 16 },
    { name: 'destination', size: 16 },
  ],
  read(reader: WireReader): Ipv6Header {
    const first = reader.u32();
    if (first >>> 28 !== 6) reader.fail('bad-frame');
    return {
      trafficClass: (first >>> 20) & 0xff,
      flowLabel: first & 0xf_ffff,
      payloadLength: reader.u16(),
      nextHeader: reader.u8(),
      hopLimit: reader.u8(),
      source: reader.take(16),
      destination: reader.take(16),
    };
  },
  write(writer: ByteWriter, value: Ipv6Header): void {
    writer.u32(((6 << 28) | (value.trafficClass << 20) | value.flowLabel) >>> 0);
    writer.u16(value.payloadLength);
    writer.u8(value.nextHeader);
    writer.u8(value.hopLimit);
    writer.put(value.source);
    writer.put(value.destination);
  },
  describe(value: Ipv6Header): string {
    return `IPv6 ${formatIpv6(value.source)} → ${formatIpv6(value.destination)}`;
  },
  toJson(value: Ipv6Header): Json {
    return {
      trafficClass: value.trafficClass,
      flowLabel: value.flowLabel,
      payloadLength: value.payloadLength,
      nextHeader: value.nextHeader,
      hopLimit: value.hopLimit,
      source: formatIpv6(value.source),
      destination: formatIpv6(value.destination),
    };
  },
};
