/** `overspan rule show`: the rules of a network, as somebody wrote them, or written again from what the controller has. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectManagement } from '../../service.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const client = await connectManagement(cli);
      const rules = await client.rules(networkArgument(word));
      if (cli.json) {
        cli.printJson({ rules });
        return undefined;
      }
      if (!rules.isWritten) cli.note('nobody wrote these: they were made of the rules');
      for (const line of rules.source.trimEnd().split('\n')) cli.print(escapeText(line, 4_096));
      return undefined;
    }),
  );
}
