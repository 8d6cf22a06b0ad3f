/** Ranges of IP addresses as one writes them, as numbers: which address lies in which, and which ranges have some in common. */
import { parseIpv4, parseIpv6 } from '../wire/ip-address.ts';

/** An address as a number, of its family. */
export interface IpNumber {
  readonly family: 'ipv4' | 'ipv6';
  readonly value: bigint;
}

/** All addresses from one to another, both of one family, in order. */
export interface IpRange {
  readonly family: IpNumber['family'];
  readonly first: bigint;
  readonly last: bigint;
}

/** @returns null: it is no address */
export function ipNumber(text: string): IpNumber | null {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) return { family: 'ipv4', value: BigInt(ipv4) };
  const ipv6 = parseIpv6(text);
  if (ipv6 === null) return null;
  return { family: 'ipv6', value: ipv6.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) };
}

/** @param text - `10.1.0.0/16`, `fd00::/8`. @returns null: it is no network */
export function prefixRange(text: string): IpRange | null {
  const [, ip = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = ipNumber(ip);
  if (address === null) return null;
  const free = (address.family === 'ipv4' ? 32 : 128) - Number(length);
  if (free < 0) return null;
  const size = 1n << BigInt(free);
  const first = address.value - (address.value % size);
  return { family: address.family, first, last: first + size - 1n };
}

/** @returns null: one of them is no address, or they are not of one family, or not in order */
export function ipRange(first: string, last: string): IpRange | null {
  const [from, to] = [ipNumber(first), ipNumber(last)];
  if (from?.family !== to?.family || from === null || to === null || from.value > to.value)
    return null;
  return { family: from.family, first: from.value, last: to.value };
}

/** Whether an address lies in a range. */
export function isInRange({ family, value }: IpNumber, range: IpRange): boolean {
  return family === range.family && range.first <= value && value <= range.last;
}

/** Whether two ranges have an address in common. */
export function rangesOverlap(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}
