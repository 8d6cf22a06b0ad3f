/**
 * The built program as a person runs it, and whatever else a test starts beside it. Everything has a time-out, a home
 * of its own in a temporary directory, and an end: what a test file has started is gone when the file is done.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, expect } from 'vitest';

const entry = join(import.meta.dirname, '../../dist/cli/main.js');

/** How a program ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** Killed when it takes longer; the test then fails with what was written. Default 30 s. */
  readonly timeoutMs?: number;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that runs. */
export class Program {
  /** Resolves at its end; rejects where it had to be killed because it took too long. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #done = false;

  constructor(argv: readonly string[], options: StartOptions = {}) {
    const { timeoutMs = 30_000, directory, environment } = options;
    const [program, ...words] = argv;
    const child = spawn(program!, words, {
      cwd: directory,
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      for (const watcher of this.#watchers) watcher();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      for (const watcher of this.#watchers) watcher();
    });
    this.ended = new Promise((resolve, reject) => {
      let tooLong = false;
      const timer = setTimeout(() => {
        tooLong = true;
        child.kill('SIGKILL');
      }, timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#done = true;
        for (const watcher of this.#watchers) watcher();
      };
      child.once('error', (error) => {
        settle();
        reject(error);
      });
      child.once('close', (code, signal) => {
        settle();
        const ended = { code, signal, stdout: this.#stdout, stderr: this.#stderr };
        if (tooLong)
          reject(new Error(`${words.join(' ')} took more than ${timeoutMs} ms: ${this.#said()}`));
        else resolve(ended);
      });
    });
    // Whoever awaits it hears of it; a program that is only ever killed must not fail the test run.
    this.ended.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Whole lines of standard output so far. */
  get lines(): readonly string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  /** Standard error so far. */
  get errors(): string {
    return this.#stderr;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The first line of standard output that matches, as soon as it is there; rejects where it can no longer come. */
  line(pattern: RegExp): Promise<string> {
    return this.until(() => this.lines.find((line) => pattern.test(line)), String(pattern));
  }

  /** Waits until standard output, or standard error, as a whole matches. */
  output(pattern: RegExp): Promise<string> {
    return this.until(
      () => pattern.exec(this.#stdout)?.[0] ?? pattern.exec(this.#stderr)?.[0],
      String(pattern),
    );
  }

  /** Looks at every piece of output until something is found; rejects at the end of the program, and after 20 s. */
  until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined && !this.#done) return;
        this.#watchers.delete(look);
        clearTimeout(timer);
        if (found !== undefined) resolve(found);
        else reject(new Error(`ended without ${what}: ${this.#said()}`));
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`no ${what} in 20 s: ${this.#said()}`));
      }, 20_000);
      this.#watchers.add(look);
      look();
    });
  }

  /** Ends it whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }

  #said(): string {
    return `\nstdout: ${this.#stdout.slice(-2000)}\nstderr: ${this.#stderr.slice(-2000)}`;
  }
}

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
export interface Stage {
  readonly directory: string;
  path(...names: readonly string[]): string;
  /** A directory that does not exist yet, for `--home`. */
  newHome(): string;
  start(argv: readonly string[], options?: StartOptions): Program;
  run(argv: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Runs `overspan` to its end. Words without a `--home` get a new one. */
  overspan(...words: readonly string[]): Promise<Ended>;
  /** Starts `overspan` and does not wait. */
  begin(words: readonly string[], options?: StartOptions): Program;
  /** Starts `overspan serve --json` on a free port of loopback. */
  serve(...words: readonly string[]): Promise<Server>;
}

/** Sets a test file's stage. Call it at the top of the file: it cleans up when the file is done. */
export function stage(name: string): Stage {
  const directory = mkdtempSync(join(tmpdir(), `overspan-${name}-`));
  // Other users than ours take part in some tests.
  chmodSync(directory, 0o755);
  const programs: Program[] = [];
  let homes = 0;
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (argv: readonly string[], options?: StartOptions): Program => {
    // What a killed program leaves in its temporary directory goes with ours.
    const environment = { TMPDIR: directory, ...options?.environment };
    const program = new Program(argv, { directory, ...options, environment });
    programs.push(program);
    return program;
  };
  const newHome = (): string => join(directory, `home-${++homes}`);
  const begin = (words: readonly string[], options?: StartOptions): Program =>
    start(
      overspanArgv(...words, ...(words.includes('--home') ? [] : ['--home', newHome()])),
      options,
    );
  return {
    directory,
    path: (...names) => join(directory, ...names),
    newHome,
    start,
    run: (argv, options) => start(argv, options).ended,
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

/** The command line of the built program. */
export function overspanArgv(...words: readonly string[]): string[] {
  return [process.execPath, entry, ...words];
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
