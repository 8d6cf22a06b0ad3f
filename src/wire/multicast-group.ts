/**
 * Multicast groups of a network: an Ethernet address and a number that tells groups of one address apart (ADI).
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 6 | MAC |
 * | 6 | 4 | ADI: 0, or the IPv4 address that an ARP request asks for |
 *
 * Everybody's ARP requests go to one Ethernet address; by its ADI the group holds only who owns the asked address.
 * Source: vl2.md 3.3, 4.1 and 4.4; capture frames 27 (LIKE) and 138 (ARP).
 */
import type { ByteWriter } from '../base/bytes.ts';
import { formatMac, type Mac } from '../base/ids.ts';
import { u32At } from './big-endian.ts';
import type { Codec, Json, WireReader } from './codec.ts';
import { arpRequestTarget } from './ethernet/arp.ts';
import { etherTypes } from './ethernet/ethernet.ts';
import { formatIpv4 } from './ip-address.ts';
import { broadcastMac, isBroadcast } from './mac.ts';

/** Whom a frame to a multicast address is for. */
export interface MulticastGroup {
  readonly mac: Mac;
  /** 32 bits. */
  readonly adi: number;
}

/** Everybody, where the network allows it. */
export const broadcastGroup: MulticastGroup = { mac: broadcastMac, adi: 0 };

/** The codec, 10 bytes. */
export const multicastGroup: Codec<MulticastGroup> = {
  name: 'multicast group',
  layout: [
    { name: 'mac', size: 6 },
    { name: 'adi', size: 4, note: 'an IPv4 address for ARP, else 0' },
  ],
  read(reader: WireReader): MulticastGroup {
    return { mac: reader.u48() as Mac, adi: reader.u32() };
  },
  write(writer: ByteWriter, value: MulticastGroup): void {
    writer.u48(value.mac);
    writer.u32(value.adi);
  },
  describe(value: MulticastGroup): string {
    if (value.adi === 0) return formatMac(value.mac);
    return isBroadcast(value.mac)
      ? `ARP for ${formatIpv4(value.adi)}`
      : `${formatMac(value.mac)} ADI ${value.adi}`;
  },
  toJson(value: MulticastGroup): Json {
    return { mac: formatMac(value.mac), adi: value.adi };
  },
};

/** Whether two groups are one. */
export function sameGroup(a: MulticastGroup, b: MulticastGroup): boolean {
  return a.mac === b.mac && a.adi === b.adi;
}

/** The group of those who answer ARP requests for an IPv4 address. */
export function arpGroup(ipv4: number): MulticastGroup {
  return { mac: broadcastMac, adi: ipv4 };
}

/** The group of those who answer neighbour solicitations for an IPv6 address. @param ipv6 - holds it from `start` on */
export function neighbourGroup(ipv6: Uint8Array, start = 0): MulticastGroup {
  const low = u32At(ipv6, start + 12) & 0xff_ffff;
  return { mac: (0x3333_ff00_0000 + low) as Mac, adi: 0 };
}

/**
 * The group that a frame with a multicast destination goes to.
 *
 * @param bytes - holds what follows the Ethernet header in [start, end), borrowed
 */
export function groupOfFrame(
  destination: Mac,
  etherType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): MulticastGroup {
  if (isBroadcast(destination) && etherType === etherTypes.arp) {
    const target = arpRequestTarget(bytes, start, end);
    if (target >= 0) return arpGroup(target);
  }
  return { mac: destination, adi: 0 };
}
