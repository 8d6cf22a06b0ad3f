/**
 * ARP for IPv4 over Ethernet.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 2 | hardware type: 1 Ethernet |
 * | 2 | 2 | protocol type: 0800 IPv4 |
 * | 4 | 1 | length of a hardware address: 6 |
 * | 5 | 1 | length of a protocol address: 4 |
 * | 6 | 2 | operation: 1 request, 2 reply |
 * | 8 | 6 | sender's MAC |
 * | 14 | 4 | sender's IPv4 address |
 * | 18 | 6 | target's MAC |
 * | 24 | 4 | target's IPv4 address |
 *
 * Source: RFC 826; vl2.md 4.4; capture frames 138 (request) and 150 (reply).
 */
import type { ByteWriter } from '../../base/bytes.ts';
import { formatMac, type Mac } from '../../base/ids.ts';
import { u16At, u32At } from '../big-endian.ts';
import type { Codec, Json, WireReader } from '../codec.ts';
import { formatIpv4 } from '../ip-address.ts';
import { etherTypes } from './ethernet.ts';

/** Bytes of a packet. */
export const arpLength = 28;

/** The operations that matter. */
export const arpOperations = { request: 1, reply: 2 } as const;

/** A question or an answer. */
export interface ArpPacket {
  readonly hardwareType: number;
  readonly protocolType: number;
  readonly operation: number;
  readonly senderMac: Mac;
  readonly senderIp: number;
  readonly targetMac: Mac;
  readonly targetIp: number;
}

/** The codec, 28 bytes; `bad-frame` for addresses of other lengths. */
export const arp: Codec<ArpPacket> = {
  name: 'ARP',
  layout: [
    { name: 'hardwareType', size: 2, note: '1: Ethernet' },
    { name: 'protocolType', size: 2, note: '0800: IPv4' },
    { name: 'hardwareLength', size: 1, note: '6' },
    { name: 'protocolLength', size: 1, note: '4' },
    { name: 'operation', size: 2, note: '1 request, 2 reply' },
    { name: 'senderMac', size: 6 },
    { name: 'senderIp', size: 4 },
    { name: 'targetMac', size: 6 },
    { name: 'targetIp', size: 4 },
  ],
  read(reader: WireReader): ArpPacket {
    const hardwareType = reader.u16();
    const protocolType = reader.u16();
    if (reader.u16() !== addressLengths) reader.fail('bad-frame');
    return {
      hardwareType,
      protocolType,
      operation: reader.u16(),
      senderMac: reader.u48() as Mac,
      senderIp: reader.u32(),
      targetMac: reader.u48() as Mac,
      targetIp: reader.u32(),
    };
  },
  write(writer: ByteWriter, value: ArpPacket): void {
    writer.u16(value.hardwareType);
    writer.u16(value.protocolType);
    writer.u16(addressLengths);
    writer.u16(value.operation);
    writer.u48(value.senderMac);
    writer.u32(value.senderIp);
    writer.u48(value.targetMac);
    writer.u32(value.targetIp);
  },
  describe(value: ArpPacket): string {
    const sender = formatIpv4(value.senderIp);
    if (value.operation === arpOperations.request)
      return `ARP who has ${formatIpv4(value.targetIp)}, asks ${sender}`;
    if (value.operation === arpOperations.reply)
      return `ARP ${sender} is at ${formatMac(value.senderMac)}`;
    return `ARP operation ${value.operation} of ${sender}`;
  },
  toJson(value: ArpPacket): Json {
    return {
      hardwareType: value.hardwareType,
      protocolType: value.protocolType,
      operation: value.operation,
      senderMac: formatMac(value.senderMac),
      senderIp: formatIpv4(value.senderIp),
      targetMac: formatMac(value.targetMac),
      targetIp: formatIpv4(value.targetIp),
    };
  },
};

/** Says that an IPv4 address is at a MAC, to who asked. @param request - what is answered */
export function arpReply(request: ArpPacket, mac: Mac): ArpPacket {
  return {
    ...request,
    operation: arpOperations.reply,
    senderMac: mac,
    senderIp: request.targetIp,
    targetMac: request.senderMac,
    targetIp: request.senderIp,
  };
}

/**
 * The IPv4 address that a broadcast ARP request asks for, which chooses its multicast group.
 *
 * @param bytes - holds what follows the Ethernet header in [start, end), borrowed
 * @returns 0 to 2³² − 1; −1 where it is no request for an IPv4 address
 */
export function arpRequestTarget(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < arpLength) return -1;
  if (u16At(bytes, start + 2) !== etherTypes.ipv4) return -1;
  if (u16At(bytes, start + 4) !== addressLengths) return -1;
  // Only the low byte of the operation is looked at (vl2.md 4.4).
  return bytes[start + 7] === arpOperations.request ? u32At(bytes, start + 24) : -1;
}

/** Six bytes of hardware address, four of protocol address, as one number. */
const addressLengths = 0x0604;
