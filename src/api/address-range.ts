/** An address range as one writes it, as settings of a network: the route to all of it, and a pool of what members may have. */
import { formatIpv4, parseIpv4 } from '../wire/ip-address.ts';

/** A range of IPv4 addresses. */
export interface AddressRange {
  readonly route: { readonly target: string; readonly via: null };
  /** Without the first and the last address of it, which are nobody's. */
  readonly pool: { readonly first: string; readonly last: string };
}

/** @param text - `10.147.17.0/24`, of 8 to 30 bits. @returns null: it is none */
export function addressRange(text: string): AddressRange | null {
  const [ip = '', length = '', ...rest] = text.trim().split('/');
  const address = parseIpv4(ip);
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : Number.NaN;
  if (address === null || !(bits >= 8 && bits <= 30) || rest.length > 0) return null;
  const size = 2 ** (32 - bits);
  const base = address - (address % size);
  return {
    route: { target: `${formatIpv4(base)}/${bits}`, via: null },
    pool: { first: formatIpv4(base + 1), last: formatIpv4(base + size - 2) },
  };
}
