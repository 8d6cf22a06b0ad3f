/**
 * The UDP header.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 2 | source port |
 * | 2 | 2 | destination port |
 * | 4 | 2 | length of header and content |
 * | 6 | 2 | checksum; 0 with IPv4: none |
 *
 * Source: RFC 768.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import type { Codec, Json, WireReader } from '../codec.ts';

/** Bytes of the header. */
export const udpHeaderLength = 8;

/** The header. */
export interface UdpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of header and content, in bytes, as the sender says. */
  readonly length: number;
  readonly checksum: number;
}

/** The codec, 8 bytes. */
export const udpHeader: Codec<UdpHeader> = {
  name: 'UDP header',
  layout: [
    { name: 'sourcePort', size: 2 },
    { name: 'destinationPort', size: 2 },
    { name: 'length', size: 2, note: 'of header and content' },
    { name: 'checksum', size: 2 },
  ],
  read(reader: WireReader): UdpHeader {
    return {
      sourcePort: reader.u16(),
      destinationPort: reader.u16(),
      length: reader.u16(),
      checksum: reader.u16(),
    };
  },
  write(writer: ByteWriter, value: UdpHeader): void {
    writer.u16(value.sourcePort);
    writer.u16(value.destinationPort);
    writer.u16(value.length);
    writer.u16(value.checksum);
  },
  describe(value: UdpHeader): string {
    return `UDP ${value.sourcePort} → ${value.destinationPort}`;
  },
  toJson(value: UdpHeader): Json {
    return {
      sourcePort: value.sourcePort,
      destinationPort: value.destinationPort,
      length: value.length,
      checksum: value.checksum,
    };
  },
};
