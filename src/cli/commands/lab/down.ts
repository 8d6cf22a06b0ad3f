/** `overspan lab down`: takes a lab down, or all that no running command owns. */
import type { Command } from 'commander';

import { errorCode } from '../../../base/errors.ts';
import type { Act } from '../../context.ts';
import { sweep } from './sweep.ts';

/** Adds the argument, the option and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('[id]', 'the lab; not needed where there is only one')
    .option('--all', 'every lab that no running command owns')
    .action(
      act(async (cli, id: string | undefined, options: { readonly all?: boolean }) => {
        const { listLabs, takeDownLab } = await import('../../../harness/lab/index.ts');
        const swept = await sweep(cli);
        const down = swept.filter((each) => id === undefined || each === id);
        const left = listLabs(cli.home).map((lab) => lab.id);
        // Without a name, what was swept is what was meant, unless there is another lab.
        const isDone = down.length > 0 && (id !== undefined || left.length === 0);
        const wanted = options.all === true ? left : isDone ? [] : [id];
        for (const each of wanted) {
          try {
            down.push(await takeDownLab(cli.home, each));
          } catch (error) {
            if (options.all !== true || errorCode(error) !== 'LAB_IN_USE') throw error;
            cli.note(`lab ${each ?? ''} is in use and stays`);
          }
        }
        if (cli.json) cli.printJson({ down });
        else for (const each of down) cli.print(`lab ${each} is down`);
        return undefined;
      }),
    );
}
