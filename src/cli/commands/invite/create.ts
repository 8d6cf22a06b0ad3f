/** `overspan invite create`: a word that lets nodes into a network. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { duration } from '../../duration-option.ts';
import { networkArgument } from '../../network-argument.ts';
import { integer } from '../../options.ts';
import { connectManagement } from '../../service.ts';
import { momentText } from '../../time-text.ts';

interface Options {
  readonly note: string;
  readonly uses?: number;
  readonly unlimited?: true;
  readonly expires: number | null;
}

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .option(
      '--uses <count>',
      'how many nodes it lets in (default: 1)',
      integer('--uses', 1, 65_536),
    )
    .option('--unlimited', 'any number of nodes')
    .option(
      '--expires <time>',
      'after 30m, 12h, 7d, or never',
      duration('--expires', '7d'),
      86_400_000,
    )
    .option('--note <text>', 'what it is for', '')
    .action(
      act(async (cli, word: string, options: Options) => {
        const id = networkArgument(word);
        const client = await connectManagement(cli);
        const invite = await client.createInvite(id, {
          note: options.note,
          expiresInMs: options.expires,
          uses: options.unlimited === true ? null : (options.uses ?? 1),
        });
        if (cli.json) {
          cli.printJson({ invite });
          return undefined;
        }
        const uses =
          invite.usesLeft === null ? 'any number of nodes' : `${invite.usesLeft} node(s)`;
        cli.note(
          `invitation ${invite.id} for ${uses}, until ${momentText(invite.expiresAt)}; on the node:`,
        );
        cli.print(`overspan join ${invite.invitation}`);
        return undefined;
      }),
    );
}
