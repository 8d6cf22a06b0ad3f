/**
 * The Ethernet header, and what kinds of frames are called. In packets of the protocol the parts of this header stand in
 * fields of their own; as one piece it is read from and written to the network device.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 6 | destination |
 * | 6 | 6 | source |
 * | 12 | 2 | EtherType |
 *
 * Source: IEEE 802.3, Ethernet II framing; numbers from the IANA registry of EtherTypes.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import { formatMac, type Mac } from '../../base/ids.ts';
import type { Codec, Json, WireReader } from '../codec.ts';

/** Bytes of the header. */
export const ethernetHeaderLength = 14;

/** The kinds of frames that are looked into. */
export const etherTypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

/** Whom a frame is from and to, and what is in it. */
export interface EthernetHeader {
  readonly destination: Mac;
  readonly source: Mac;
  readonly etherType: number;
}

/** The codec, 14 bytes. */
export const ethernetHeader: Codec<EthernetHeader> = {
  name: 'Ethernet header',
  layout: [
    { name: 'destination', size: 6 },
    { name: 'source', size: 6 },
    { name: 'etherType', size: 2 },
  ],
  read(reader: WireReader): EthernetHeader {
    return {
      destination: reader.u48() as Mac,
      source: reader.u48() as Mac,
      etherType: reader.u16(),
    };
  },
  write(writer: ByteWriter, value: EthernetHeader): void {
    writer.u48(value.destination);
    writer.u48(value.source);
    writer.u16(value.etherType);
  },
  describe(value: EthernetHeader): string {
    const { source, destination, etherType } = value;
    return `${formatMac(source)} → ${formatMac(destination)} ${etherTypeName(etherType)}`;
  },
  toJson(value: EthernetHeader): Json {
    return {
      destination: formatMac(value.destination),
      source: formatMac(value.source),
      etherType: value.etherType,
    };
  },
};

/** `IPv4`, `ARP`, `EtherType 88cc`. */
export function etherTypeName(etherType: number): string {
  return names[etherType] ?? `EtherType ${etherType.toString(16).padStart(4, '0')}`;
}

const names: Readonly<Record<number, string>> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x0842: 'Wake-on-LAN',
  0x8035: 'RARP',
  0x8100: 'VLAN',
  0x86dd: 'IPv6',
  0x8847: 'MPLS',
  0x8863: 'PPPoE discovery',
  0x8864: 'PPPoE session',
  0x888e: 'EAPOL',
  0x88cc: 'LLDP',
};
