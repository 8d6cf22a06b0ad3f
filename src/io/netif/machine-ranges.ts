/**
 * What addresses this machine already knows a way to: routes of every table and addresses of every interface, also of those of
 * other programs. Asked of `ip` (iproute2), which answers in JSON; where there is none, or its answer cannot be read, what Node and
 * `/proc/net/route` (the main table alone, proc(5)) tell.
 */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

import { runCommand } from '../../sys/command.ts';
import { formatIpv4 } from '../../wire/ip-address.ts';

/** What is read of the system; another one in tests. */
export interface RangeSources {
  /** Runs a command and gives what it wrote. @throws where it cannot be run */
  readonly run: (argv: readonly string[]) => Promise<string>;
  readonly interfaces: typeof networkInterfaces;
  /** `/proc/net/route`; empty where the system has none. */
  readonly routes: () => Promise<string>;
}

/** A hundred thousand routes; what is beyond is cut off, and then cannot be read. */
const outputBytesMax = 16 << 20;

const system: RangeSources = {
  run: async (argv) => (await runCommand(argv, { outputBytesMax })).stdout,
  interfaces: networkInterfaces,
  routes: () => readFile('/proc/net/route', 'latin1').catch(() => ''),
};

/** IPv4 prefixes, as `10.0.0.0/8` or an address alone; some of them several times. */
export async function machineRanges(sources: RangeSources = system): Promise<readonly string[]> {
  const own = Object.values(sources.interfaces())
    .flatMap((addresses = []) => addresses)
    .flatMap(({ family, cidr }) => (family === 'IPv4' && cidr !== null ? [cidr] : []));
  return [...own, ...(await routedRanges(sources))];
}

async function routedRanges({ run, routes }: RangeSources): Promise<readonly string[]> {
  try {
    const text = await run(['ip', '-j', '-4', 'route', 'show', 'table', 'all']);
    const list = JSON.parse(text === '' ? '[]' : text) as readonly { readonly dst?: unknown }[];
    return list.flatMap(({ dst }) => (typeof dst === 'string' && dst !== 'default' ? [dst] : []));
  } catch {
    return procRoutes(await routes());
  }
}

/** Columns: interface, destination, gateway, flags, …, mask as the eighth; addresses as the machine has numbers. */
function procRoutes(text: string): readonly string[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const [destination, mask] = [hostOrder(columns[1]), hostOrder(columns[7])];
      if (destination === null || mask === null || mask === 0) return [];
      return [`${formatIpv4(destination)}/${mask.toString(2).replaceAll('0', '').length}`];
    });
}

/** All that run Node with our foreign functions are little-endian. */
function hostOrder(digits = ''): number | null {
  const bytes = /^([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})$/i.exec(digits);
  return bytes === null ? null : Number.parseInt(bytes.slice(1).reverse().join(''), 16);
}
