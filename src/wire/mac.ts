/**
 * The Ethernet addresses of members: made of the node's address and the network, so that nobody need ask for them.
 *
 * | octet | of the MAC |
 * |---|---|
 * | 0 | lowest byte of the network, as a local unicast address: `& fe | 02`, and 32 instead of 52 |
 * | 1 … 5 | bytes of the node's address, each XOR the next higher byte of the network |
 *
 * 52 is what KVM gives to its guests. Source: vl2.md 1.2.
 */
import type { Address, Mac, NetworkId } from '../base/ids.ts';

/** To everybody on the network. */
export const broadcastMac: Mac = 0xffff_ffff_ffff as Mac;
/** Of nobody. */
export const zeroMac: Mac = 0 as Mac;

/** The MAC of a member. */
export function macOf(address: Address, networkId: NetworkId): Mac {
  return maskMac(macMask(networkId), address);
}

/** The member whose MAC this is; null for one that does not begin as MACs of this network do: behind a bridge. */
export function addressOf(mac: Mac, networkId: NetworkId): Address | null {
  return unmaskMac(macMask(networkId), mac);
}

/** What all MACs of a network begin with. */
export function firstOctet(networkId: NetworkId): number {
  const octet = (Number(networkId & 0xfen) | 0x02) & 0xff;
  return octet === 0x52 ? 0x32 : octet;
}

/** The MAC that address 0 would have: kept by whoever maps a MAC for each frame, as it saves the 64-bit arithmetic. */
export function macMask(networkId: NetworkId): Mac {
  let mask = firstOctet(networkId);
  for (let shift = 8n; shift <= 40n; shift += 8n)
    mask = mask * 256 + Number((networkId >> shift) & 0xffn);
  return mask as Mac;
}

/** {@link macOf} with a {@link macMask}. */
export function maskMac(mask: Mac, address: Address): Mac {
  return (octet0(mask) * bits40 + xor40(mask % bits40, address)) as Mac;
}

/** {@link addressOf} with a {@link macMask}. */
export function unmaskMac(mask: Mac, mac: Mac): Address | null {
  if (octet0(mac) !== octet0(mask)) return null;
  return xor40(mask % bits40, mac % bits40) as Address;
}

/** Whether it is of a group, the {@link broadcastMac} too. */
export function isMulticast(mac: Mac): boolean {
  return (octet0(mac) & 1) === 1;
}

export function isBroadcast(mac: Mac): boolean {
  return mac === broadcastMac;
}

const bits40 = 0x100_0000_0000;
const bits32 = 0x1_0000_0000;

function octet0(mac: Mac): number {
  return Math.floor(mac / bits40);
}

/** XOR of 40-bit numbers; the operator itself is for 32 bits. */
function xor40(a: number, b: number): number {
  const upper = (Math.floor(a / bits32) ^ Math.floor(b / bits32)) & 0xff;
  return upper * bits32 + (((a % bits32) ^ (b % bits32)) >>> 0);
}
