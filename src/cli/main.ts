#!/usr/bin/env node
/**
 * The entry of the binary. Only the file of the command that was asked for is loaded, so that a command costs what it
 * uses.
 */
import { Command, CommanderError } from 'commander';

import { errorMessage, exitCodes, OverspanError, type ExitCode } from '../base/errors.ts';
import { overspanVersion } from '../sys/version.ts';
import { commands, type CommandEntry } from './commands/index.ts';
import { homeDirectory, type Act, type CliContext, type GlobalOptions } from './context.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<ExitCode> {
  // A reader that went away (`overspan … | head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  let exit: ExitCode = exitCodes.done;
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const dropSignals = (): void => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };

  const act: Act =
    (body) =>
    async (...args) => {
      const command = args.at(-1);
      if (!(command instanceof Command))
        throw new Error('invariant broken: commander hands itself on');
      const cli = makeContext(command.optsWithGlobals<GlobalOptions>(), stop.signal, dropSignals);
      exit = (await body(cli, ...args)) ?? exitCodes.done;
    };

  try {
    const program = await buildProgram(words, act);
    await program.parseAsync(words, { from: 'user' });
    return exit;
  } catch (error) {
    const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
    return report(error, own.includes('--json'), own.includes('--verbose') || own.includes('-v'));
  } finally {
    dropSignals();
  }
}

/** All commands by name and summary; the one that `words` names is loaded and complete. */
async function buildProgram(words: readonly string[], act: Act): Promise<Command> {
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
    const command = withGlobals(parent.command(entry.path.at(-1) ?? '', { hidden: false }))
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
    (word, index) =>
      !word.startsWith('-') &&
      word !== 'help' &&
      !/^--(home|context)$/.test(words[index - 1] ?? ''),
  );
  return commands.find(({ path }) => path.every((word, index) => names[index] === word));
}

function withGlobals(command: Command): Command {
  return command
    .option('--json', 'print results as JSON')
    .option('--home <directory>', 'where keys and state are kept')
    .option('--context <name>', 'the service that the command is about; see overspan context')
    .option('-q, --quiet', 'print results only')
    .option('-v, --verbose', 'say more');
}

function makeContext(
  options: GlobalOptions,
  signal: AbortSignal,
  takeSignals: () => void,
): CliContext {
  const { json = false, quiet = false, verbose = false } = options;
  return {
    json,
    quiet,
    verbose,
    home: homeDirectory(options.home),
    homeOption: options.home ?? null,
    contextOption: options.context ?? null,
    progressIsLive: process.stderr.isTTY && !quiet && !json,
    signal,
    takeSignals,
    print: (line) => void process.stdout.write(`${line}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value)}\n`),
    note: (line) => {
      if (!quiet) process.stderr.write(`${line}\n`);
    },
  };
}

/** Prints what went wrong and says with which code to exit. */
function report(error: unknown, json: boolean, verbose: boolean): ExitCode {
  // Commander has printed its own message already; help and version are no failures.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    const message = error.message.replace(/^error: /, '');
    if (json) process.stdout.write(`${JSON.stringify({ error: { code: 'USAGE', message } })}\n`);
    return exitCodes.usage;
  }
  if (error instanceof OverspanError) {
    if (json) process.stdout.write(`${JSON.stringify({ error })}\n`);
    else process.stderr.write(`${error.code}: ${error.message}\nremedy: ${error.remedy}\n`);
    if (verbose && error.cause !== undefined)
      process.stderr.write(`cause: ${errorMessage(error.cause)}\n`);
    return error.exit;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code: 'UNEXPECTED', message: errorMessage(error) } })}\n`,
    );
  process.stderr.write(
    `UNEXPECTED: ${errorMessage(error)}\n${verbose && stack !== undefined ? `${stack}\n` : ''}`,
  );
  process.stderr.write(
    'remedy: this is a defect of Overspan; please report it with the output of the same command and -v\n',
  );
  return exitCodes.failed;
}
