/** `overspan network export`: a network as JSON on standard output. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { exportNetwork } from '../../network-file.ts';
import { connectBackend } from '../../service.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .addHelpText(
      'after',
      '\nSettings, rules and members, for `overspan network import-file` on this or any other kind of service. Identities,\n' +
        'invitations and tokens are not in it.',
    )
    .action(
      act(async (cli, word: string) => {
        const id = networkArgument(word);
        const file = await exportNetwork(await connectBackend(cli), id);
        if (cli.json) cli.printJson(file);
        else cli.print(JSON.stringify(file, null, 2));
        return undefined;
      }),
    );
}
