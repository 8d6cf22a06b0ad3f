/**
 * How far an address of the network below reaches, and whether a path may use it.
 *
 * The ranks order paths by preference. Source: vl1.md 2.14 and 8.3; `test/vectors/inetaddress.json`. Two things come from
 * the vectors: any fe80::/10 address that is all zeros up to its last byte 1 is loopback (the text names fe80::1 alone),
 * and of the IPv4-mapped addresses only loopback is looked at, others are global.
 */
import type { InetAddress } from './inet-address.ts';
import { isInIpv4Prefix, isInIpv6Prefix, parseIpv4, parseIpv6 } from './ip-address.ts';
import { assert } from '../base/errors.ts';

/** From worthless to best. */
export const ipScopeRanks = {
  none: 0,
  multicast: 1,
  loopback: 2,
  /** Public addresses that are used as private ones, for they never appear on the internet. */
  pseudoprivate: 3,
  global: 4,
  'link-local': 5,
  /** Not used. */
  shared: 6,
  private: 7,
} as const;

/** One of the names in {@link ipScopeRanks}. */
export type IpScope = keyof typeof ipScopeRanks;

/** How far an address reaches; `none` for what is no IP address. */
export function scopeOf(address: InetAddress): IpScope {
  if (address.kind === 'ipv4') {
    const { address: ip } = address;
    return ipv4Scopes.find((row) => isInIpv4Prefix(ip, row.prefix, row.bits))?.scope ?? 'global';
  }
  if (address.kind === 'ipv6') {
    const { address: ip } = address;
    const row = ipv6Scopes.find(({ prefix, bits }) => isInIpv6Prefix(ip, prefix, bits));
    if (row?.scope === 'link-local' && endsAsLoopback(ip)) return 'loopback';
    return row?.scope ?? 'global';
  }
  return 'none';
}

/**
 * Whether packets may be sent to, and paths learnt from, an address. Never loopback and link-local: two nodes on one host
 * cannot meet over 127.0.0.1.
 */
export function isValidForPath(address: InetAddress): boolean {
  switch (scopeOf(address)) {
    case 'pseudoprivate':
    case 'global':
    case 'shared':
    case 'private':
      return address.kind !== 'ipv6' || !isInIpv6Prefix(address.address, tunnels, 32);
    default:
      return false;
  }
}

/**
 * The bucket of an address at the gate for unknown identities: neighbours share one, so that a new identity costs an
 * attacker a network, not an address.
 *
 * @returns 14 bits; 0 for what is no IP address
 */
export function rateGateHash(address: InetAddress): number {
  if (address.kind === 'ipv4') {
    const network = address.address >>> 8;
    return (network ^ (network >>> 14)) & 0x3fff;
  }
  if (address.kind !== 'ipv6') return 0;
  let hash = 0;
  for (let i = 0; i < 6; i++) hash = 2 * hash + (address.address[i] as number);
  return hash & 0x3fff;
}

/** The first row that holds an address gives its scope. */
const ipv4Scopes = rows(parseIpv4, {
  none: ['0.0.0.0/8', '255.0.0.0/8'],
  loopback: ['127.0.0.0/8'],
  'link-local': ['169.254.0.0/16'],
  multicast: ['224.0.0.0/4'],
  private: [
    ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
    ...['192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ],
  pseudoprivate: [
    ...[6, 11, 21, 22, 25, 26, 28, 29, 30, 51, 55, 56].map((octet) => `${octet}.0.0.0/8`),
    '240.0.0.0/4',
  ],
});

const ipv6Scopes = rows(parseIpv6, {
  none: ['::/128'],
  loopback: ['::1/128', '::ffff:127.0.0.0/104'],
  multicast: ['ff00::/8'],
  'link-local': ['fe80::/10'],
  private: ['fc00::/7'],
});

/** Hurricane Electric gives these to the ends of its tunnels. */
const tunnels = parsed(parseIpv6, '2001:470::');

interface ScopeRow<Ip> {
  readonly prefix: Ip;
  readonly bits: number;
  readonly scope: IpScope;
}

function rows<Ip>(
  parse: (text: string) => Ip | null,
  table: Partial<Record<IpScope, readonly string[]>>,
): readonly ScopeRow<Ip>[] {
  return Object.entries(table).flatMap(([scope, prefixes]) =>
    prefixes.map((text) => {
      const [ip = '', bits] = text.split('/');
      return { prefix: parsed(parse, ip), bits: Number(bits), scope: scope as IpScope };
    }),
  );
}

function parsed<Ip>(parse: (text: string) => Ip | null, text: string): Ip {
  const ip = parse(text);
  assert(ip !== null, `${text} is an address`);
  return ip;
}

function endsAsLoopback(ip: Uint8Array): boolean {
  return ip[15] === 1 && ip.subarray(2, 15).every((byte) => byte === 0);
}
