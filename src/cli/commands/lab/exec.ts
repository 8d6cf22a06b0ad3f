/** `overspan lab exec`: runs a command on a host of a lab, in this terminal, and passes its exit code on. */
import { constants } from 'node:os';

import type { Command } from 'commander';

import { exitCodes, type ExitCode } from '../../../base/errors.ts';
import type { Act } from '../../context.ts';

/** Adds the arguments, the option and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<host>', 'a or b')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--lab <id>', 'the lab; not needed where there is only one')
    .addHelpText('after', '\nFor example: overspan lab exec a -- ping -c 3 10.78.2.2')
    .action(
      act(async (cli, name: string, words: string[], options: { readonly lab?: string }) => {
        const { openHost } = await import('../../../harness/lab/index.ts');
        const host = openHost(cli.home, options.lab, name);
        if (cli.signal.aborted) return exitCodes.interrupted;
        // A Ctrl-C reaches the command by itself, and what it does with it is its business: a shell, say, goes on. A
        // second one must not end us before it. SIGTERM is sent to us alone, so it is passed on.
        const terminated = new Promise<void>((resolve) => {
          cli.takeSignals();
          process.on('SIGINT', () => undefined);
          process.on('SIGTERM', resolve);
        });
        const child = await host.spawn(words, {
          stdin: 'inherit',
          stdout: 'inherit',
          stderr: 'inherit',
        });
        void terminated.then(() => child.kill());
        const { exitCode, signal } = await child.exited;
        // As shells do: 128 and the number of the signal. The codes of other programs are theirs, not in our table.
        return (exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal])) as ExitCode;
      }),
    );
}
