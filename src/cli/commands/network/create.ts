/** `overspan network create`: makes a network on the service that the context names. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import {
  addNetworkOptions,
  defaultSubnet,
  newNetwork,
  type NetworkOptions,
} from '../../network-options.ts';
import { connectBackend } from '../../service.ts';

interface Options extends NetworkOptions {
  readonly public?: true;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  addNetworkOptions(command, defaultSubnet)
    .option('--public', 'anybody may join')
    .option('--no-ipv6', 'no IPv6 addresses (else each member has an RFC 4193 and a 6PLANE one)')
    .action(
      act(async (cli, options: Options) => {
        const change = newNetwork(options);
        const backend = await connectBackend(cli);
        const network = await backend.createNetwork(change);
        if (cli.json) {
          cli.printJson({ network });
          return undefined;
        }
        const name = network.name === '' ? '' : ` "${escapeText(network.name)}"`;
        cli.print(`made ${network.isPrivate ? 'private' : 'public'} network ${network.id}${name}`);
        cli.note('');
        cli.note('next, on each member:');
        cli.note(`  overspan join ${network.id}`);
        return undefined;
      }),
    );
}
