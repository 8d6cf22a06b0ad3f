/** The commands as one program of commander: all of them by name, and the one that is asked for with all it takes. */
import { Command } from 'commander';

import { overspanVersion } from '../sys/version.ts';
import { commands, type CommandEntry } from './commands/index.ts';
import type { Act } from './context.ts';

/** All commands by name and summary; the one that `words` names is loaded and complete. */
export async function buildProgram(words: readonly string[], act: Act): Promise<Command> {
  const program = withGlobals(new Command('overspan'))
    .description('Makes virtual networks, manages them, and measures what they cost.')
    .version(overspanVersion(), '-V, --version')
    .helpCommand('help [command]')
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'USAGE: '));
      },
    })
    .showHelpAfterError('remedy: add --help to see what there is');
  const wanted = requested(words);
  const defined = new Map<string, Command>([['', program]]);
  const leaves: Command[] = [];
  for (const entry of commands) {
    const parent = groupOf(defined, entry);
    const command = withGlobals(
      parent.command(entry.path.at(-1) ?? '', { hidden: entry.isHidden === true }),
    )
      .summary(entry.summary)
      .description(entry.summary);
    if (entry === wanted) (await entry.load()).define(command, act);
    leaves.push(command);
  }
  for (const command of [...defined.values(), ...leaves]) command.exitOverride();
  return program;
}

/** The command that an entry's command belongs to: `wire identity` of `wire identity new`; made where it is missing. */
function groupOf(defined: Map<string, Command>, entry: CommandEntry): Command {
  let command = defined.get('') as Command;
  let name = '';
  for (const word of entry.path.slice(0, -1)) {
    name = `${name} ${word}`;
    command = defined.get(name) ?? withGlobals(command.command(word));
    defined.set(name, command);
  }
  if (entry.group !== undefined) command.summary(entry.group).description(entry.group);
  return command;
}

/** The entry whose path the command line begins with, options (which may come first) aside. */
function requested(words: readonly string[]): CommandEntry | undefined {
  const names = words.filter(
    (word, index) => !word.startsWith('-') && word !== 'help' && words[index - 1] !== '--home',
  );
  return commands.find(({ path }) => path.every((word, index) => names[index] === word));
}

function withGlobals(command: Command): Command {
  return command
    .option('--json', 'print results as JSON')
    .option('--home <directory>', 'where keys and state are kept')
    .option('-q, --quiet', 'print results only')
    .option('-v, --verbose', 'say more');
}
