/** `overspan completion`: the script with which a shell completes our words. */
import { Argument, type Command } from 'commander';

import { completionScripts, type Shell } from '../completion-scripts.ts';
import type { Act } from '../context.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  const shells = Object.keys(completionScripts) as Shell[];
  command
    .addArgument(new Argument('<shell>', 'whose script is printed').choices(shells))
    .addHelpText(
      'after',
      '\nThe script says where it belongs. It asks the program itself, so it stays right when that is upgraded.',
    )
    .action(
      act((cli, shell: Shell) => {
        const script = completionScripts[shell];
        if (cli.json) cli.printJson({ shell, script });
        else cli.print(script.trimEnd());
        return Promise.resolve(undefined);
      }),
    );
}
