/** `overspan network delete`: ends a network for all its members. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

interface Options {
  readonly yes?: true;
}

/** Adds the argument, the option and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .option('--yes', 'really: it cannot be undone, but see overspan network export')
    .action(
      act(async (cli, word: string, options: Options) => {
        const id = networkArgument(word);
        const backend = await connectBackend(cli);
        const network = await backend.network(id);
        const members = network.memberCount === null ? '' : `, with ${network.memberCount} members`;
        const what = `network ${network.id} "${escapeText(network.name)}"${members}`;
        if (options.yes !== true)
          throw cliError('CONFIRMATION_MISSING', `${what}, would be gone for good`, {
            remedy: `overspan network delete ${network.id} --yes`,
            details: { network: network.id },
          });
        await backend.deleteNetwork(id);
        if (cli.json) cli.printJson({ deleted: network });
        else cli.print(`${what} is no more`);
        return undefined;
      }),
    );
}
