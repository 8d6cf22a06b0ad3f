/**
 * Neighbour discovery without a packet on the wire: an IPv6 address that names a member names its MAC too, so a node
 * answers its own host in the member's name.
 *
 * The answer, 72 bytes:
 *
 * ```
 * 60000000 | 0020 | 3a | ff | source: the target, 16 | destination: own address, 16      IPv6
 * 88 00 checksum | 60000000 (solicited, override) | target, 16 | 02 01 MAC, 6            ICMPv6
 * ```
 *
 * It goes to the node's own address, not to the source of the question. Source: vl2.md 4.4.
 */
import { assert } from '../../base/errors.ts';
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import { u40At } from '../big-endian.ts';
import type { InetAddress } from '../inet-address.ts';
import { isInIpv6Prefix } from '../ip-address.ts';
import { macOf } from '../mac.ts';
import { memberIpBits, memberIpPrefix } from '../member-ip.ts';
import { internetChecksum, ipv6PseudoSum } from './checksum.ts';
import { icmpProtocols } from './icmp.ts';
import { ipv6Header, ipv6HeaderLength } from './ipv6.ts';
import { linkAddressOptions, neighbourFlags, neighbourMessage, neighbourTypes } from './ndp.ts';

/** An answer in a member's name. */
export interface ForgedAdvertisement {
  /** Source of the Ethernet frame; its destination is who asked. */
  readonly source: Mac;
  /** What follows the Ethernet header, 72 bytes, new. */
  readonly packet: Uint8Array;
}

/** Who answers for an address. */
export interface EmulatedNeighbour {
  readonly member: Address;
  /** The address of ours in whose prefix it lies, 16 bytes. */
  readonly own: Uint8Array;
}

/**
 * Answers a neighbour solicitation for the address of another member.
 *
 * @param self - who we are: about our own addresses the others must be asked (are they taken?)
 * @param own - our addresses with their prefix lengths
 * @param bytes - holds what follows the Ethernet header of a frame to a multicast MAC in [start, end), borrowed
 * @returns null where the frame is to be sent as any other
 */
export function answerSolicitation(
  networkId: NetworkId,
  self: Address,
  own: readonly InetAddress[],
  bytes: Uint8Array,
  start: number,
  end: number,
): ForgedAdvertisement | null {
  const at = solicitedTargetAt(bytes, start, end);
  if (at < 0) return null;
  const target = bytes.subarray(at, at + 16);
  const neighbour = emulatedNeighbour(networkId, own, target);
  if (neighbour === null || neighbour.member === self) return null;
  const source = macOf(neighbour.member, networkId);
  return { source, packet: forgeNeighbourAdvertisement(target, neighbour.own, source) };
}

/**
 * Where the target of a neighbour solicitation stands.
 *
 * @param bytes - holds an IPv6 packet in [start, end), borrowed
 * @returns an offset in `bytes`; −1 for any other packet, also for one with extension headers
 */
export function solicitedTargetAt(bytes: Uint8Array, start: number, end: number): number {
  const isSolicitation =
    end - start >= ipv6HeaderLength + 24 &&
    bytes[start + 6] === icmpProtocols.icmpv6 &&
    bytes[start + ipv6HeaderLength] === neighbourTypes.solicitation;
  return isSolicitation ? start + ipv6HeaderLength + 8 : -1;
}

/** The member that an IPv6 address names, seen from our own addresses. @param target - 16 bytes */
export function emulatedNeighbour(
  networkId: NetworkId,
  own: readonly InetAddress[],
  target: Uint8Array,
): EmulatedNeighbour | null {
  for (const ip of own) {
    if (ip.kind !== 'ipv6') continue;
    const namesMembers =
      (ip.port === memberIpBits.rfc4193 && isRfc4193(ip.address)) ||
      (ip.port === memberIpBits['6plane'] && is6plane(ip.address, networkId));
    if (namesMembers && isInIpv6Prefix(target, ip.address, ip.port))
      return { member: u40At(target, ip.port / 8) as Address, own: ip.address };
  }
  return null;
}

/**
 * Makes the packet by which `target` seems to say that it is at `mac`.
 *
 * @param target - 16 bytes. @param destination - 16 bytes
 * @returns 72 bytes, new
 */
export function forgeNeighbourAdvertisement(
  target: Uint8Array,
  destination: Uint8Array,
  mac: Mac,
): Uint8Array {
  assert(target.length === 16 && destination.length === 16, 'an IPv6 address has 16 bytes');
  const macBytes = new ByteWriter(new Uint8Array(6));
  macBytes.u48(mac);
  const packet = new ByteWriter(new Uint8Array(ipv6HeaderLength + advertisementLength));
  ipv6Header.write(packet, {
    trafficClass: 0,
    flowLabel: 0,
    payloadLength: advertisementLength,
    nextHeader: icmpProtocols.icmpv6,
    // Receivers insist on it: a packet that was routed has less.
    hopLimit: 255,
    source: target,
    destination,
  });
  neighbourMessage.write(packet, {
    kind: 'advertisement',
    code: 0,
    checksum: 0,
    flags: neighbourFlags.solicited | neighbourFlags.override,
    target,
    options: [{ type: linkAddressOptions.target, bytes: macBytes.bytes }],
  });
  const { bytes } = packet;
  const sum = ipv6PseudoSum(bytes, 8, advertisementLength, icmpProtocols.icmpv6);
  packet.seek(ipv6HeaderLength + 2);
  packet.u16(internetChecksum(bytes, ipv6HeaderLength, bytes.length, sum));
  return bytes;
}

/** Type to target, and one option. */
const advertisementLength = 32;

/** Of any network: the prefix of 88 bits tells whether it is the target's. */
function isRfc4193(address: Uint8Array): boolean {
  return address[0] === 0xfd && address[9] === 0x99 && address[10] === 0x93;
}

function is6plane(address: Uint8Array, networkId: NetworkId): boolean {
  return isInIpv6Prefix(address, memberIpPrefix('6plane', networkId), memberIpBits['6plane']);
}
