/** `overspan rule show`: the rules of a network, as somebody wrote them, or written again from what the controller has. */
import type { Command } from 'commander';

import { sourceOf } from '../../../api/rules-text.ts';
import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const backend = await connectBackend(cli);
      const rules = await backend.rules(networkArgument(word));
      const source = sourceOf(rules);
      if (cli.json) {
        cli.printJson({ rules: { source, isWritten: rules.isWritten } });
        return undefined;
      }
      if (!rules.isWritten) cli.note('nobody wrote these: they were made of the rules');
      for (const line of source.trimEnd().split('\n')) cli.print(escapeText(line, 4_096));
      return undefined;
    }),
  );
}
