/** What every command is handed: where to print, where the home directory is, and when to stop. */
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';

import type { ExitCode } from '../base/errors.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The surroundings of one run of one command. */
export interface CliContext {
  /** `--json`: results are one object (or NDJSON) on standard output, and nothing else is written there. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The state directory: `--home`, `$OVERSPAN_HOME`, `/var/lib/overspan` as root, else the user's state directory. */
  readonly home: string;
  /** True where standard error is a terminal: live progress is drawn only there. */
  readonly progressIsLive: boolean;
  /** Aborted at the first SIGINT or SIGTERM. A command then finishes what it can and keeps what it has. */
  readonly signal: AbortSignal;
  /** From now on the command handles SIGINT and SIGTERM itself; `signal` stays as it is. */
  takeSignals(): void;
  /** All commands by name, the one that the words name complete; for what tells of commands, and runs none. */
  program(words: readonly string[]): Promise<Command>;
  /** Writes a line of the result to standard output. */
  print(line: string): void;
  /** Writes one JSON value as a line to standard output. */
  printJson(value: unknown): void;
  /** Writes a line about the work (not the result) to standard error; nothing with `--quiet`. */
  note(line: string): void;
}

/** A command's body: its exit code, 0 when it returns nothing. */
export type Body<Args extends unknown[]> = (
  cli: CliContext,
  ...args: Args
) => Promise<ExitCode | undefined>;

/** Wraps a body into the function that commander calls. */
export type Act = <Args extends unknown[]>(body: Body<Args>) => (...args: Args) => Promise<void>;

/** Where state is kept, by the rule in {@link CliContext.home}. */
export function homeDirectory(option: string | undefined): string {
  const fromEnvironment = process.env['OVERSPAN_HOME'];
  if (option !== undefined) return option;
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  if (process.getuid?.() === 0) return '/var/lib/overspan';
  const state = process.env['XDG_STATE_HOME'];
  return state !== undefined && state !== ''
    ? join(state, 'overspan')
    : join(homedir(), '.local', 'state', 'overspan');
}
