/**
 * The built program as a person runs it, and whatever else a test starts beside it. Everything has a time-out, a home
 * of its own in a temporary directory, and an end: what a test file has started is gone when the file is done.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, expect } from 'vitest';

import {
  openPrograms,
  overspanArgv,
  type Ended,
  type Program,
  type Programs,
  type StartOptions,
} from '../programs/program.ts';

export { overspanArgv, type Ended, type Program, type StartOptions };

/** What `overspan serve --json` says first. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly instanceId: string;
  readonly clientAuth: boolean;
  readonly invitations: readonly { readonly text: string; readonly expiresAtUnixMs: number }[];
}

/** A measurement server that listens. */
export interface Server {
  readonly program: Program;
  readonly port: number;
  readonly facts: Listening;
  /** The event of this kind that comes first, or has come; with `nth` a later one. */
  event(kind: string, nth?: number): Promise<Record<string, unknown>>;
  /** SIGINT, and its end. */
  stop(): Promise<Ended>;
}

/** One test file's directory and programs. */
export interface Stage extends Omit<Programs, 'close'> {
  /** A directory that does not exist yet, for `--home`. */
  newHome(): string;
  /** Runs `overspan` to its end. Words without a `--home` get a new one. */
  overspan(...words: readonly string[]): Promise<Ended>;
  /** Starts `overspan` and does not wait. */
  begin(words: readonly string[], options?: StartOptions): Program;
  /** Starts `overspan serve --json` on a free port of loopback. */
  serve(...words: readonly string[]): Promise<Server>;
}

/** Sets a test file's stage. Call it at the top of the file: it cleans up when the file is done. */
export function stage(name: string): Stage {
  const programs = openPrograms(name);
  let homes = 0;
  afterAll(() => programs.close());

  const newHome = (): string => programs.path(`home-${++homes}`);
  const begin = (words: readonly string[], options?: StartOptions): Program =>
    programs.start(
      overspanArgv(...words, ...(words.includes('--home') ? [] : ['--home', newHome()])),
      options,
    );
  return {
    ...programs,
    newHome,
    overspan: (...words) => begin(words).ended,
    begin,
    serve: async (...words) => {
      const address = words.includes('--host') ? [] : ['--host', '127.0.0.1'];
      const program = begin(['serve', '--json', '--port', '0', ...address, ...words], {
        timeoutMs: 120_000,
      });
      const facts = JSON.parse(await program.line(/"event":"listening"/)) as Listening;
      return {
        program,
        port: facts.port,
        facts,
        event: (kind, nth = 1) =>
          program.until(() => events(program.lines, kind)[nth - 1], `${kind} number ${nth}`),
        stop: () => {
          program.signal('SIGINT');
          return program.ended;
        },
      };
    },
  };
}

/** The events of one kind among the lines of `overspan serve --json`. */
export function events(lines: readonly string[], kind: string): Record<string, unknown>[] {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === kind);
}

/** An error as `--json` prints it. */
export interface PrintedError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** The error that a command with `--json` ended with. Everything on its standard output must be JSON. */
export function errorOf({ stdout, stderr }: Ended): PrintedError {
  const values = jsonLines(stdout);
  const { error } = (values.at(-1) ?? {}) as { error?: PrintedError };
  expect(error, `${stdout}${stderr}`).toBeDefined();
  return error!;
}

/** Values of NDJSON; throws where a line is none. */
export function jsonLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Looks again and again until something that no program tells is so; throws after 20 s. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn === 1_000) throw new Error(`never: ${what}`);
    await delay(20);
  }
}
