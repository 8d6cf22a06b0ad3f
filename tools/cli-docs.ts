/** Generates docs/cli.md from the definitions of the commands. Run by `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Command } from 'commander';

import { commands } from '../src/cli/commands/index.ts';

/** The text of docs/cli.md: what `overspan COMMAND --help` prints, for all commands. */
export async function cliDocs(): Promise<string> {
  const lines = [
    '# Command line',
    '',
    'Generated from the commands themselves by `npm run docs`. Every command also has `--json` (results as JSON on standard',
    'output), `--home DIRECTORY` (where keys and state are kept; default `$OVERSPAN_HOME`, `/var/lib/overspan` as root, else',
    '`$XDG_STATE_HOME/overspan` or `~/.local/state/overspan`), `-q` and `-v`. Exit codes: [errors.md](errors.md).',
    '',
  ];
  for (const entry of commands.filter(({ isHidden }) => isHidden !== true)) {
    const command = new Command(`overspan ${entry.path.join(' ')}`).description(entry.summary);
    command.configureHelp({ helpWidth: 110 }).helpOption(false);
    (await entry.load()).define(command, () => () => Promise.resolve());
    let after = '';
    command.configureOutput({ writeOut: (text) => (after += text) });
    command.outputHelp();
    lines.push(`## overspan ${entry.path.join(' ')}`, '', '```', after.trim(), '```', '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(fileURLToPath(new URL('../docs/cli.md', import.meta.url)), await cliDocs());
