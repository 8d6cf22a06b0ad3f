/** `overspan network show`: what a network is set to. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { networkLines } from '../../network-text.ts';
import { connectBackend } from '../../service.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const id = networkArgument(word);
      const network = await (await connectBackend(cli)).network(id);
      if (cli.json) cli.printJson({ network });
      else for (const line of networkLines(network)) cli.print(line);
      return undefined;
    }),
  );
}
