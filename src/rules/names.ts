/**
 * Names of numbers in the rules language.
 *
 * Source: docs.zerotier.com, "Rules Engine", section "Actions, Matches, Operators, and Constants", and "Rules FAQ"
 * (`icmp4`); the numbers are those of the IANA registries and of vl2 7.2. Of several names for one number the first is
 * the one that is written.
 */

/** Names in the order in which they are shown. */
export type Names = ReadonlyMap<string, number>;

/** Of kinds of Ethernet frames. */
export const etherTypeNames: Names = new Map([
  ['ipv4', 0x0800],
  ['arp', 0x0806],
  ['ipv6', 0x86dd],
  ['wol', 0x0842],
  ['rarp', 0x8035],
  ['atalk', 0x809b],
  ['aarp', 0x80f3],
  ['ipx_a', 0x8137],
  ['ipx_b', 0x8138],
]);

/** Of protocols in IP packets. */
export const ipProtocolNames: Names = new Map([
  ['icmp', 1],
  ['icmp4', 1],
  ['igmp', 2],
  ['ipip', 4],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['rdp', 27],
  ['esp', 50],
  ['ah', 51],
  ['icmp6', 58],
  ['l2tp', 115],
  ['sctp', 132],
  ['udplite', 136],
]);

/** The bits of characteristics. */
export const characteristicBits: Names = new Map([
  ['inbound', 63],
  ['multicast', 62],
  ['broadcast', 61],
  ['ipauth', 60],
  ['macauth', 59],
  ['tcp_fin', 0],
  ['tcp_syn', 1],
  ['tcp_rst', 2],
  ['tcp_psh', 3],
  ['tcp_ack', 4],
  ['tcp_urg', 5],
  ['tcp_ece', 6],
  ['tcp_cwr', 7],
  ['tcp_ns', 8],
  ['tcp_rs2', 9],
  ['tcp_rs1', 10],
  ['tcp_rs0', 11],
]);

/** The name of a number, or null. */
export function nameOf(names: Names, number: number): string | null {
  for (const [name, value] of names) if (value === number) return name;
  return null;
}
