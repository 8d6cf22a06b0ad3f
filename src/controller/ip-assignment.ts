/**
 * Which IP addresses a member has, and which of a pool it gets.
 *
 * Source: management 2.4, capture (pool .10 to .99: `bfb8eb1884` has .35). The search begins at a place that follows from
 * the member's address, so that a member mostly gets the same one again, and goes on from there: 4,096 places, where the
 * reference tries 1,000. A request that finds nothing costs about a millisecond.
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { IpEndpoint } from '../wire/inet-address.ts';
import { formatIpv4, formatIpv6 } from '../wire/ip-address.ts';
import { memberIp, memberIpBits, type MemberIpMode } from '../wire/member-ip.ts';
import type { MemberRecord } from './member-record.ts';
import {
  ipNumber,
  isInTarget,
  parseIp,
  prefixLengthFor,
  type NetworkPlan,
  type Pool,
} from './network-plan.ts';

/** What finding an address needs beside the network. */
export interface AddressSource {
  /** Whether some member of the network has an address, authorised or not. */
  readonly isTaken: (ip: string) => boolean;
  /** 64 random bits. */
  readonly randomU64: () => bigint;
}

/** Trials in a pool of IPv4 addresses, and of IPv6 addresses at random. */
const trialsMax = { ipv4: 4_096, ipv6: 1_000 } as const;
/** A member's address fits into an IPv6 pool of this size, which then gives it to nobody else. */
const addressSpace = (1n << 40n) - 1n;

/** The addresses of a member, in the order of the reference; the port is the length of the prefix. */
export function staticIps(
  plan: NetworkPlan,
  networkId: NetworkId,
  member: Pick<MemberRecord, 'address' | 'ipAssignments' | 'noAutoAssignIps'>,
): readonly IpEndpoint[] {
  const derived = member.noAutoAssignIps
    ? []
    : memberIpModes(plan).map((mode): IpEndpoint => ({
        kind: 'ipv6',
        address: memberIp(mode, networkId, member.address),
        port: memberIpBits[mode],
      }));
  return [...derived, ...assignedIps(plan, member)].slice(0, staticIpsMax);
}

/** The most addresses in a configuration. */
export const staticIpsMax = 32;

/** Which addresses follow from a member's own in this network; members answer for each other's. */
export function memberIpModes({ settings }: NetworkPlan): readonly MemberIpMode[] {
  return [
    ...(settings.assignsRfc4193 ? (['rfc4193'] as const) : []),
    ...(settings.assigns6plane ? (['6plane'] as const) : []),
  ];
}

/** What a member is to be given out of the pools now: none, one or two addresses. */
export function newAssignments(
  plan: NetworkPlan,
  member: Pick<MemberRecord, 'address' | 'ipAssignments' | 'noAutoAssignIps'>,
  source: AddressSource,
): readonly string[] {
  if (member.noAutoAssignIps) return [];
  const { settings, pools } = plan;
  const has = new Set(assignedIps(plan, member).map(({ kind }) => kind));
  const found: string[] = [];
  const search = (kind: IpEndpoint['kind'], inPool: (pool: Pool) => string | null): void => {
    for (const pool of pools) {
      const ip = pool.first.kind === kind ? inPool(pool) : null;
      if (ip === null) continue;
      found.push(ip);
      return;
    }
  };
  if (settings.assignsIpv6 && !has.has('ipv6'))
    search('ipv6', (pool) => freeIpv6(plan, pool, member.address, source));
  if (settings.assignsIpv4 && !has.has('ipv4'))
    search('ipv4', (pool) => freeIpv4(plan, pool, member.address, source));
  return found;
}

/** Those that lie in a route: others cannot be used. */
function assignedIps(
  plan: NetworkPlan,
  { ipAssignments }: Pick<MemberRecord, 'ipAssignments'>,
): readonly IpEndpoint[] {
  return ipAssignments.flatMap((text) => {
    const ip = parseIp(text, 'an address');
    const bits = prefixLengthFor(plan, ip);
    return bits === null ? [] : [{ ...ip, port: bits }];
  });
}

function freeIpv4(
  plan: NetworkPlan,
  pool: Pool,
  member: Address,
  { isTaken }: AddressSource,
): string | null {
  const first = Number(ipNumber(pool.first));
  const length = Number(ipNumber(pool.last)) - first;
  let place = member % 0x1_0000_0000;
  for (let i = 0; i < Math.min(length + 1, trialsMax.ipv4); i++) {
    const address = length > 0 ? first + (place % length) : first;
    place = (place + 1) % 0x1_0000_0000;
    if ((address & 0xff) === 0xff) continue;
    const ip: IpEndpoint = { kind: 'ipv4', address, port: 0 };
    const route = plan.routes.find(({ target }) => isInTarget(ip, target));
    const text = formatIpv4(address);
    if (route !== undefined && route.target.port > 0 && !isTaken(text)) return text;
  }
  return null;
}

function freeIpv6(
  plan: NetworkPlan,
  pool: Pool,
  member: Address,
  { isTaken, randomU64 }: AddressSource,
): string | null {
  const first = ipNumber(pool.first);
  const length = ipNumber(pool.last) - first;
  for (let i = 0; i < trialsMax.ipv6; i++) {
    const isFirst = i === 0 && length >= addressSpace;
    const offset = isFirst ? BigInt(member) : randomBelow(length + 1n, randomU64);
    const ip: IpEndpoint = { kind: 'ipv6', address: ipv6Bytes(first + offset), port: 0 };
    const text = formatIpv6(ip.address);
    const isUsable = plan.routes.some(
      ({ target, via }) => via.kind === 'nil' && isInTarget(ip, target),
    );
    if (isUsable && !isTaken(text)) return text;
  }
  return null;
}

/** Spread well enough for addresses. */
function randomBelow(bound: bigint, randomU64: () => bigint): bigint {
  return ((randomU64() << 64n) | randomU64()) % bound;
}

function ipv6Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, value >> 64n);
  new DataView(bytes.buffer).setBigUint64(8, BigInt.asUintN(64, value));
  return bytes;
}
