/**
 * A range of addresses for a new network. The node knows best which clash with nothing here; where there is none to ask, one is
 * chosen by chance that no network of the list uses.
 */
import { addressRange } from '../../../../src/api/address-range.ts';
import type { ClientV1 } from '../../../../src/api/client-v1.ts';
import type { NetworkPatchV1, NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { parseIpv4 } from '../../../../src/wire/ip-address.ts';
import { networkName } from './network-name.ts';

/** The ranges to choose from: 10.0.0.0/24 to 10.255.255.0/24. */
const [firstBase, rangeCount, rangeSize] = [0x0a00_0000, 65_536, 256] as const;
/** A route to more than this leads to everywhere and says nothing of who is there, bits. */
const bitsMin = 8;

/** What is asked of a service. */
type RangeSource = Pick<ClientV1, 'freeRange'>;

/** Asks the service, and chooses where it does not know. @returns `10.147.17.0/24`; null: all are used */
export async function freeRange(
  service: RangeSource,
  networks: readonly NetworkV1[],
): Promise<string | null> {
  try {
    return (await service.freeRange()).target;
  } catch {
    // It has no node to ask, or is away: what is chosen here can be changed by hand.
    return chosenRange(networks, Math.random);
  }
}

/** @param random - from 0 to less than 1 */
export function chosenRange(
  networks: readonly Pick<NetworkV1, 'routes' | 'pools'>[],
  random: () => number,
): string | null {
  const used = networks.flatMap(usedBy);
  const offset = Math.floor(random() * rangeCount);
  for (let i = 0; i < rangeCount; i++) {
    const first = firstBase + ((offset + i) % rangeCount) * rangeSize;
    const last = first + rangeSize - 1;
    if (used.some((each) => each.first <= last && each.last >= first)) continue;
    return `10.${(first >>> 16) & 255}.${(first >>> 8) & 255}.0/24`;
  }
  return null;
}

/**
 * The settings of a range.
 *
 * @param text - empty: no addresses are given; null: it is not known yet which. @returns null: it is no range
 */
export function rangeSettings(text: string | null): NetworkPatchV1 | null {
  if (text === null) return null;
  if (text.trim() === '') return { assignsIpv4: false };
  const range = addressRange(text);
  return range === null ? null : { assignsIpv4: true, routes: [range.route], pools: [range.pool] };
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function usedBy({ routes, pools }: Pick<NetworkV1, 'routes' | 'pools'>): Range[] {
  const routed = routes.flatMap(({ target }) => {
    const [ip = '', length = ''] = target.split('/');
    const [address, bits] = [parseIpv4(ip), Number(length)];
    if (address === null || bits < bitsMin) return [];
    const size = 2 ** (32 - bits);
    const first = address - (address % size);
    return [{ first, last: first + size - 1 }];
  });
  const given = pools.flatMap(({ first, last }) => {
    const ends = [parseIpv4(first), parseIpv4(last)] as const;
    return ends[0] === null || ends[1] === null ? [] : [{ first: ends[0], last: ends[1] }];
  });
  return [...routed, ...given];
}

/** Networks whose routes meet a range, by name or ID; it may be wanted nevertheless. */
export function clashesWith(text: string, networks: readonly NetworkV1[]): string[] {
  const range = addressRange(text);
  if (range === null) return [];
  const wanted = usedBy({ routes: [range.route], pools: [range.pool] });
  return networks
    .filter((network) =>
      usedBy(network).some(({ first, last }) =>
        wanted.some((each) => each.first <= last && each.last >= first),
      ),
    )
    .map((network) => networkName(network));
}
