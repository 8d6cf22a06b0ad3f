/** `overspan network create`: makes a network on the controller of this node. */
import type { Command } from 'commander';

import type { NetworkChange } from '../../../api/schema/controller.ts';
import { escapeText } from '../../../base/escape.ts';
import { formatIpv4, parseIpv4 } from '../../../wire/ip-address.ts';
import type { Act } from '../../context.ts';
import { optionError } from '../../options.ts';
import { connectService } from '../../service.ts';

interface Options {
  readonly name?: string;
  readonly subnet: string;
  readonly public?: true;
  readonly ipv6: boolean;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--name <name>', 'what members see it as')
    .option('--subnet <net/bits>', 'where members get their IPv4 addresses', '10.147.17.0/24')
    .option('--public', 'anybody may join')
    .option('--no-ipv6', 'no IPv6 addresses (else each member has an RFC 4193 and a 6PLANE one)')
    .action(
      act(async (cli, options: Options) => {
        const change = changeOf(options);
        const client = await connectService(cli);
        const network = await client.createNetwork(change);
        if (cli.json) {
          cli.printJson({ network });
          return undefined;
        }
        const name = network.name === '' ? '' : ` "${escapeText(network.name)}"`;
        cli.print(`made ${network.private ? 'private' : 'public'} network ${network.id}${name}`);
        cli.note('');
        cli.note('next, on each member:');
        cli.note(`  overspan join ${network.id}`);
        return undefined;
      }),
    );
}

function changeOf(options: Options): NetworkChange {
  const { start, end, target } = subnetOf(options.subnet);
  return {
    ...(options.name === undefined ? {} : { name: options.name }),
    private: options.public !== true,
    v4AssignMode: { zt: true },
    v6AssignMode: { '6plane': options.ipv6, rfc4193: options.ipv6 },
    routes: [{ target, via: null }],
    ipAssignmentPools: [{ ipRangeStart: formatIpv4(start), ipRangeEnd: formatIpv4(end) }],
  };
}

/** The addresses between that of the network and that of broadcast. */
function subnetOf(text: string): { start: number; end: number; target: string } {
  const [ip = '', bitsText = '', ...rest] = text.split('/');
  const address = parseIpv4(ip);
  const bits = Number(bitsText);
  const isRight = /^\d{1,2}$/.test(bitsText) && bits >= 8 && bits <= 30 && rest.length === 0;
  if (address === null || !isRight)
    throw optionError('--subnet', text, 'an IPv4 network of 8 to 30 bits', '10.147.17.0/24');
  const size = 2 ** (32 - bits);
  const base = Math.floor(address / size) * size;
  return { start: base + 1, end: base + size - 2, target: `${formatIpv4(base)}/${bits}` };
}
