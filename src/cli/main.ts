#!/usr/bin/env node
/**
 * The entry of the binary. Only the file of the command that was asked for is loaded, so that a command costs what it
 * uses.
 */
import { Command, CommanderError } from 'commander';

import { errorMessage, exitCodes, OverspanError, type ExitCode } from '../base/errors.ts';
import { homeDirectory, type Act, type CliContext, type GlobalOptions } from './context.ts';
import { buildProgram } from './program.ts';

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
    progressIsLive: process.stderr.isTTY && !quiet && !json,
    signal,
    takeSignals,
    program: (words) => buildProgram(words, () => () => Promise.resolve()),
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
