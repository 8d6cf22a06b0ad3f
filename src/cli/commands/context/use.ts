/** `overspan context use`: which service commands are about from now on. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { contextNamed, readContexts, writeContexts } from '../../contexts.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('[name]', 'without it: none, but the daemon of --home').action(
    act(async (cli, name: string | undefined) => {
      const contexts = await readContexts();
      if (name !== undefined) contextNamed(contexts, name);
      await writeContexts({ ...contexts, current: name ?? null });
      if (cli.json) cli.printJson({ current: name ?? null });
      else
        cli.print(
          name === undefined
            ? 'commands are about the daemon of --home'
            : `commands are about ${name}, unless --context or --home says otherwise`,
        );
      return undefined;
    }),
  );
}
