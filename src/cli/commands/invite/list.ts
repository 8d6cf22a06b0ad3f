/** `overspan invite list`: invitations to a network. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectManagement } from '../../service.ts';
import { tableLines } from '../../table.ts';
import { momentText } from '../../time-text.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const id = networkArgument(word);
      const client = await connectManagement(cli);
      const invites = await client.invites(id);
      if (cli.json) cli.printJson({ invites });
      else if (invites.length === 0) cli.print('no invitations');
      else
        for (const line of tableLines(
          ['invitation', 'lets in', 'until', 'note'],
          invites.map(({ id: name, usesLeft, expiresAt, isOpen, note }) => [
            name,
            isOpen ? (usesLeft === null ? 'any number' : String(usesLeft)) : 'nobody any more',
            momentText(expiresAt),
            escapeText(note) || '–',
          ]),
        ))
          cli.print(line);
      return undefined;
    }),
  );
}
