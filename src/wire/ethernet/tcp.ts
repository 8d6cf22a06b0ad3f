/**
 * The TCP header.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 2 | source port |
 * | 2 | 2 | destination port |
 * | 4 | 4 | sequence number |
 * | 8 | 4 | acknowledged number |
 * | 12 | 2 | length of the header in words of 4 bytes: 5 to 15; 12 flags |
 * | 14 | 2 | window |
 * | 16 | 2 | checksum |
 * | 18 | 2 | urgent pointer |
 * | 20 | 0 to 40 | options |
 *
 * Source: RFC 9293 section 3.1, RFC 3168 (ECE, CWR), RFC 3540 (NS).
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import type { Codec, Json, WireReader } from '../codec.ts';

/** Bytes of a header without options. */
export const tcpHeaderLengthMin = 20;

/** The flags from bit 0 up; the three above are reserved. */
export const tcpFlagNames: readonly string[] = [
  ...['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'],
];

/** The header. */
export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledged: number;
  /** 12 bits: see {@link tcpFlagNames}. */
  readonly flags: number;
  readonly window: number;
  readonly checksum: number;
  readonly urgent: number;
  /** A multiple of 4 bytes, up to 40, borrowed. */
  readonly options: Uint8Array;
}

/** The codec; `bad-frame` for a header shorter than 20 bytes. */
export const tcpHeader: Codec<TcpHeader> = {
  name: 'TCP header',
  layout: [
    { name: 'sourcePort', size: 2 },
    { name: 'destinationPort', size: 2 },
    { name: 'sequence', size: 4 },
    { name: 'acknowledged', size: 4 },
    { name: 'length, flags', size: 2, note: '4 bits: words of 4 bytes in the header; 12 flags' },
    { name: 'window', size: 2 },
    { name: 'checksum', size: 2 },
    { name: 'urgent', size: 2 },
    { name: 'options', size: 'to the end of the header' },
  ],
  read(reader: WireReader): TcpHeader {
    const sourcePort = reader.u16();
    const destinationPort = reader.u16();
    const sequence = reader.u32();
    const acknowledged = reader.u32();
    const lengthAndFlags = reader.u16();
    const optionsLength = (lengthAndFlags >> 12) * 4 - tcpHeaderLengthMin;
    if (optionsLength < 0) reader.fail('bad-frame');
    return {
      sourcePort,
      destinationPort,
      sequence,
      acknowledged,
      flags: lengthAndFlags & 0x0fff,
      window: reader.u16(),
      checksum: reader.u16(),
      urgent: reader.u16(),
      options: reader.take(optionsLength),
    };
  },
  write(writer: ByteWriter, value: TcpHeader): void {
    writer.u16(value.sourcePort);
    writer.u16(value.destinationPort);
    writer.u32(value.sequence);
    writer.u32(value.acknowledged);
    writer.u16((((tcpHeaderLengthMin + value.options.length) / 4) << 12) | value.flags);
    writer.u16(value.window);
    writer.u16(value.checksum);
    writer.u16(value.urgent);
    writer.put(value.options);
  },
  describe(value: TcpHeader): string {
    const flags = flagNames(value.flags).join(' ');
    return `TCP ${value.sourcePort} → ${value.destinationPort}${flags === '' ? '' : ` ${flags}`}`;
  },
  toJson(value: TcpHeader): Json {
    return {
      sourcePort: value.sourcePort,
      destinationPort: value.destinationPort,
      sequence: value.sequence,
      acknowledged: value.acknowledged,
      flags: flagNames(value.flags),
      window: value.window,
      checksum: value.checksum,
      urgent: value.urgent,
      options: toHex(value.options),
    };
  },
};

function flagNames(flags: number): string[] {
  return tcpFlagNames.filter((_, bit) => ((flags >> bit) & 1) === 1);
}
