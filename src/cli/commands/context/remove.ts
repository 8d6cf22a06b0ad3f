/** `overspan context remove`: forgets the name of a service, and its token where that was kept for it. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { contextNamed, readContexts, removeToken, writeContexts } from '../../contexts.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<name>').action(
    act(async (cli, name: string) => {
      const { current, contexts } = await readContexts();
      contextNamed({ current, contexts }, name);
      const others = Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name));
      await writeContexts({ current: current === name ? null : current, contexts: others });
      await removeToken(name);
      if (cli.json) cli.printJson({ removed: name });
      else cli.print(`context ${name} is no more; the service itself stays as it is`);
      return undefined;
    }),
  );
}
