/** Addresses that somebody types for a member: read, and held against what the network knows. */
import {
  formatIpv4,
  formatIpv6,
  isInIpv4Prefix,
  isInIpv6Prefix,
  parseIpv4,
  parseIpv6,
} from '../../../../src/wire/ip-address.ts';

/** What is odd about an address. */
export interface IpOddity {
  readonly ip: string;
  /**
   * `invalid`: it is no address; `unrouted`: it is in no route of the network, and is not given to the member then; `taken`:
   * another member has it.
   */
  readonly kind: 'invalid' | 'unrouted' | 'taken';
  /** Who has it; empty for the others. */
  readonly by: string;
}

/** What was typed. */
export interface IpList {
  /** In the form in which they are kept, each once. */
  readonly ips: readonly string[];
  readonly oddities: readonly IpOddity[];
}

/** The most of one member. */
export const ipsMax = 128;

/**
 * Reads them.
 *
 * @param text - addresses with anything of white space, commas and semicolons between
 * @param routes - of the network. @param holders - who has an address, without the member itself
 */
export function ipList(
  text: string,
  routes: readonly { readonly target: string }[],
  holders: ReadonlyMap<string, string>,
): IpList {
  const ips = new Set<string>();
  const oddities: IpOddity[] = [];
  for (const word of text.split(/[\s,;]+/).filter((part) => part !== '')) {
    const ip = normal(word);
    if (ip === null) {
      oddities.push({ ip: word, kind: 'invalid', by: '' });
      continue;
    }
    if (ips.has(ip)) continue;
    ips.add(ip);
    const holder = holders.get(ip);
    if (holder !== undefined) oddities.push({ ip, kind: 'taken', by: holder });
    if (!routes.some(({ target }) => isIn(ip, target)))
      oddities.push({ ip, kind: 'unrouted', by: '' });
  }
  return { ips: [...ips], oddities };
}

function normal(word: string): string | null {
  const ipv4 = parseIpv4(word);
  if (ipv4 !== null) return formatIpv4(ipv4);
  const ipv6 = parseIpv6(word);
  return ipv6 === null ? null : formatIpv6(ipv6);
}

/** @param ip - an address. @param target - `10.1.0.0/16` */
function isIn(ip: string, target: string): boolean {
  const [base = '', length = ''] = target.split('/');
  const bits = Number(length);
  const [ipv4, base4] = [parseIpv4(ip), parseIpv4(base)];
  if (ipv4 !== null) return base4 !== null && isInIpv4Prefix(ipv4, base4, bits);
  const [ipv6, base6] = [parseIpv6(ip), parseIpv6(base)];
  return ipv6 !== null && base6 !== null && isInIpv6Prefix(ipv6, base6, bits);
}
