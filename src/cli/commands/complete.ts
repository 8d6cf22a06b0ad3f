/** `overspan complete -- WORDS…`, hidden: what the scripts of `overspan completion` ask. */
import type { Command } from 'commander';

import { complete } from '../completion.ts';
import type { Act } from '../context.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('[words...]', 'what is typed after overspan, up to the cursor').action(
    act(async (cli, words: string[]) => {
      const { candidates, paths } = complete(await cli.program(words), words);
      if (cli.json) {
        cli.printJson({ candidates, paths });
        return undefined;
      }
      for (const { word, description } of candidates) cli.print(`${word}\t${description}`);
      if (paths !== 'none') cli.print(`:${paths}`);
      return undefined;
    }),
  );
}
