/** `overspan service uninstall`: takes the node from systemd. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { printResult, rootOption } from './result.ts';

interface Options {
  readonly purge?: boolean;
  readonly root?: string;
  readonly force?: boolean;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--purge', 'also remove keys and state, the user, and what was changed by hand')
    .option('--force', 'also remove files that were changed by hand')
    .addOption(rootOption())
    .addHelpText(
      'after',
      '\nWithout --purge /var/lib/overspan stays as it is, with the identity of the node and the networks that it owns,\n' +
        'and so does the user whom it belongs to.',
    )
    .action(
      act(async (cli, { purge = false, force = false, root }: Options) => {
        const { uninstallService } = await import('../../../systemd/index.ts');
        printResult(cli, await uninstallService({ purge, force, root, signal: cli.signal }), null);
        return undefined;
      }),
    );
}
