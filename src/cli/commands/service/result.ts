/** What the commands about the service share: how they say what was done, and where they do it. */
import { resolve } from 'node:path';

import { Option } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { CliContext } from '../../context.ts';

type Result = import('../../../systemd/index.ts').ServiceResult;

/** `--root`, as systemctl has it. */
export function rootOption(): Option {
  return new Option(
    '--root <directory>',
    'of an image: files go below it, and nothing is run',
  ).argParser((path) => resolve(path));
}

/** Prints it. @param address - of the node that was started */
export function printResult(
  cli: CliContext,
  { files, commands, wereRun }: Result,
  address: string | null,
): void {
  if (cli.json) {
    cli.printJson({ files, commands, wereRun, address });
    return;
  }
  for (const { path, state } of files)
    cli.print(
      state === 'kept'
        ? `kept       ${path}: it was changed by hand; --force does not keep it`
        : `${state.padEnd(9)}  ${path}`,
    );
  for (const argv of commands)
    cli.print(`${wereRun ? 'ran      ' : 'to run   '}  ${shownCommand(argv)}`);
  if (files.length + commands.length === 0) cli.print('nothing was installed');
  if (address !== null) cli.print(`node ${address} runs as a service`);
}

/** A command as a person types it: ours have no words that need quotes. */
export function shownCommand(argv: readonly string[]): string {
  return escapeText(argv.join(' '), 4096);
}
