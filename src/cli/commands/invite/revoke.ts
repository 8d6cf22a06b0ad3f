/** `overspan invite revoke`: ends invitations; who came by them stays. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectManagement } from '../../service.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<invitations...>', '8 hexadecimal digits each: overspan invite list')
    .action(
      act(async (cli, word: string, names: string[]) => {
        const id = networkArgument(word);
        const client = await connectManagement(cli);
        for (const name of names) {
          await client.revokeInvite(id, name);
          if (!cli.json) cli.print(`invitation ${escapeText(name)} lets nobody in any more`);
        }
        if (cli.json) cli.printJson({ revoked: names });
        return undefined;
      }),
    );
}
