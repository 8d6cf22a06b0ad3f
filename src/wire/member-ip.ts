/**
 * The IPv6 addresses that a member has by its address alone, and the member that an IPv6 address names.
 *
 * ```
 * RFC 4193   fd | network, 8 bytes                | 99 93 | member, 5 bytes    prefix of the network: 88 bits
 * 6PLANE     fc | network ^ network >> 32, 4 bytes | member, 5 | 00 ×5 | 01    prefix of the network: 40 bits
 * ```
 *
 * In 6PLANE each member owns the /80 of its address. Source: vl2.md 1.4; `captures/home/*.ip-addr.txt`.
 */
import { ByteWriter } from '../base/bytes.ts';
import type { Address, NetworkId } from '../base/ids.ts';
import { u40At } from './big-endian.ts';
import { isInIpv6Prefix } from './ip-address.ts';

/** The two ways of giving addresses. */
export type MemberIpMode = 'rfc4193' | '6plane';

/** How many bits of an address the members of a network share. */
export const memberIpBits: Readonly<Record<MemberIpMode, number>> = { rfc4193: 88, '6plane': 40 };

/** The address of a member. @returns 16 bytes, new */
export function memberIp(mode: MemberIpMode, networkId: NetworkId, member: Address): Uint8Array {
  const bytes = memberIpPrefix(mode, networkId);
  const writer = new ByteWriter(bytes, memberIpBits[mode] / 8);
  writer.u40(member);
  if (mode === '6plane') bytes[15] = 1;
  return bytes;
}

/** What the addresses of a network begin with. @returns 16 bytes, new, with zeros behind the prefix */
export function memberIpPrefix(mode: MemberIpMode, networkId: NetworkId): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(16));
  if (mode === 'rfc4193') {
    writer.u8(0xfd);
    writer.u64(networkId);
    writer.u16(0x9993);
  } else {
    writer.u8(0xfc);
    writer.u32(Number((networkId ^ (networkId >> 32n)) & 0xffff_ffffn));
  }
  return writer.bytes;
}

/**
 * The member whose address, or whose part of the network, this is; null for an address of something else. It need not be
 * a member.
 *
 * @param ip - holds the address from `start` on
 */
export function memberOfIp(
  mode: MemberIpMode,
  networkId: NetworkId,
  ip: Uint8Array,
  start = 0,
): Address | null {
  const bits = memberIpBits[mode];
  if (!isInIpv6Prefix(ip, memberIpPrefix(mode, networkId), bits, start)) return null;
  return u40At(ip, start + bits / 8) as Address;
}
