/**
 * A range of addresses for a new network: one of the 69,888 ranges of 256 addresses in the private blocks of IPv4 (RFC 1918)
 * that nothing here uses. By chance, so that networks of different people seldom clash when somebody joins both.
 */
import { formatIpv4, parseIpv4 } from '../../wire/ip-address.ts';
import { apiError } from '../errors.ts';
import type { FreeRangeV1 } from '../schema/v1-node.ts';

/** Addresses that are used, both ends. */
export interface UsedRange {
  readonly first: number;
  readonly last: number;
}

/** A network as far as its addresses go. */
export interface AddressedNetwork {
  readonly routes: readonly { readonly target: string }[];
  readonly pools?: readonly { readonly first: string; readonly last: string }[];
  readonly assignedAddresses?: readonly string[];
}

const rangeSize = 256;
/** 10/8, 172.16/12, 192.168/16. */
const blocks = [
  { first: 0x0a00_0000, count: 65_536 },
  { first: 0xac10_0000, count: 4_096 },
  { first: 0xc0a8_0000, count: 256 },
] as const;
/** A route to more than this leads to everywhere, as a default route does: it says nothing of who is there. */
const bitsMin = 8;

/** What networks use: routes, pools and addresses. */
export function usedByNetworks(networks: readonly AddressedNetwork[]): UsedRange[] {
  return networks.flatMap(({ routes, pools = [], assignedAddresses = [] }) => [
    ...usedByPrefixes(routes.map(({ target }) => target)),
    ...usedByPrefixes(assignedAddresses),
    ...pools.flatMap(({ first, last }) => {
      const ends = [parseIpv4(first), parseIpv4(last)] as const;
      return ends[0] === null || ends[1] === null ? [] : [{ first: ends[0], last: ends[1] }];
    }),
  ]);
}

/** What prefixes cover. @param texts - `10.1.0.0/16`, an address alone; what is not IPv4 is passed over */
export function usedByPrefixes(texts: readonly string[]): UsedRange[] {
  return texts.flatMap((text) => {
    const [ip = '', length = '32'] = text.split('/');
    const address = parseIpv4(ip);
    const bits = /^\d{1,2}$/.test(length) ? Number(length) : -1;
    if (address === null || bits < bitsMin || bits > 32) return [];
    const size = 2 ** (32 - bits);
    const first = address - (address % size);
    return [{ first, last: first + size - 1 }];
  });
}

/**
 * Chooses one.
 *
 * @param fill - fills all of what it is given with random bytes
 * @throws RANGE_NONE_FREE
 */
export function chooseFreeRange(
  used: readonly UsedRange[],
  fill: (bytes: Uint8Array) => void,
): FreeRangeV1 {
  const free = blocks.flatMap(({ first, count }) => freeIn(first, count, used));
  if (free.length === 0)
    throw apiError('RANGE_NONE_FREE', 'every private range of IPv4 is used on this machine', {
      remedy:
        'choose one yourself, knowing what it clashes with; see: ip route, overspan network list',
    });
  const random = new Uint8Array(4);
  fill(random);
  const drawn = new DataView(random.buffer).getUint32(0) / 2 ** 32;
  const first = free[Math.floor(drawn * free.length)] ?? 0;
  return {
    target: `${formatIpv4(first)}/24`,
    pool: { first: formatIpv4(first + 1), last: formatIpv4(first + rangeSize - 2) },
  };
}

/** The first addresses of the ranges of a block that are free. */
function freeIn(blockFirst: number, count: number, used: readonly UsedRange[]): number[] {
  const isUsed = new Uint8Array(count);
  for (const { first, last } of used) {
    const from = Math.floor((first - blockFirst) / rangeSize);
    const to = Math.floor((last - blockFirst) / rangeSize);
    if (to >= 0 && from < count) isUsed.fill(1, Math.max(0, from), Math.min(count, to + 1));
  }
  const free: number[] = [];
  for (let i = 0; i < count; i++) if (isUsed[i] === 0) free.push(blockFirst + i * rangeSize);
  return free;
}
