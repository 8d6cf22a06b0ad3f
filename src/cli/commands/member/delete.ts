/** `overspan member delete`: shuts nodes out and forgets what was set of them. */
import type { Command } from 'commander';

import { formatAddress, formatU64 } from '../../../base/ids.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<members...>', '10 hexadecimal digits each')
    .addHelpText(
      'after',
      '\nA node that still asks to join is listed again, unauthorised; on a public network it is let in again. A ban is forgotten, too.',
    )
    .action(
      act(async (cli, word: string, addressWords: string[]) => {
        const id = networkArgument(word);
        const addresses = [...new Set(addressWords.map(addressArgument))];
        const backend = await connectBackend(cli);
        // All of them, or none where one is a typing error.
        await backend.deleteMembers(id, addresses, (address) => {
          if (!cli.json) cli.print(`${formatAddress(address)} is forgotten on ${formatU64(id)}`);
        });
        if (cli.json) cli.printJson({ deleted: addresses.map(formatAddress) });
        return undefined;
      }),
    );
}
