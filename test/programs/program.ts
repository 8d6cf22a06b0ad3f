/**
 * Programs that tests and benches start: everything has a time-out, a directory of its own, and an end with whoever
 * started it.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What ships: one file, which `npm test` and `npm run build` make. */
const entry = join(import.meta.dirname, '../../dist/bin/overspan.js');

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
  /** Gets each whole line of standard output, which is then not kept. */
  readonly onLine?: (line: string) => void;
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
    const { timeoutMs = 30_000, directory, environment, onLine } = options;
    const [program, ...words] = argv;
    const child = spawn(program!, words, {
      cwd: directory,
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      if (onLine !== undefined) {
        for (const line of this.lines) onLine(line);
        this.#stdout = this.#stdout.slice(this.#stdout.lastIndexOf('\n') + 1);
      }
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
  line(pattern: RegExp, timeoutMs?: number): Promise<string> {
    const find = (): string | undefined => this.lines.find((line) => pattern.test(line));
    return this.until(find, String(pattern), timeoutMs);
  }

  /** Waits until standard output, or standard error, as a whole matches. */
  output(pattern: RegExp): Promise<string> {
    return this.until(
      () => pattern.exec(this.#stdout)?.[0] ?? pattern.exec(this.#stderr)?.[0],
      String(pattern),
    );
  }

  /** Looks at every piece of output until something is found; rejects at the end of the program, and when it is late. */
  until<T>(find: () => T | undefined, what: string, timeoutMs = 20_000): Promise<T> {
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
        reject(new Error(`no ${what} in ${timeoutMs / 1_000} s: ${this.#said()}`));
      }, timeoutMs);
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

/** A temporary directory, and the programs that run in it. */
export interface Programs {
  readonly directory: string;
  path(...names: readonly string[]): string;
  start(argv: readonly string[], options?: StartOptions): Program;
  run(argv: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Ends all that still run, and removes the directory. */
  close(): Promise<void>;
}

/** Makes the directory. @param name - part of its name */
export function openPrograms(name: string): Programs {
  const directory = mkdtempSync(join(tmpdir(), `overspan-${name}-`));
  // Other users than ours take part in some tests.
  chmodSync(directory, 0o755);
  const programs = new Set<Program>();
  const start = (argv: readonly string[], options?: StartOptions): Program => {
    // What a killed program leaves in its temporary directory goes with ours.
    const environment = { TMPDIR: directory, ...options?.environment };
    const program = new Program(argv, { directory, ...options, environment });
    programs.add(program);
    const forget = (): void => void programs.delete(program);
    program.ended.then(forget, forget);
    return program;
  };
  return {
    directory,
    path: (...names) => join(directory, ...names),
    start,
    run: (argv, options) => start(argv, options).ended,
    close: async () => {
      await Promise.all([...programs].map((program) => program.kill()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The command line of the built program. */
export function overspanArgv(...words: readonly string[]): string[] {
  return [process.execPath, entry, ...words];
}

/** Runs a short `overspan` to its end, waiting for it. @param input - its standard input */
export function runOverspan(words: readonly string[], input?: string | Uint8Array): Ended {
  const [program, ...rest] = overspanArgv(...words);
  const { status, signal, stdout, stderr } = spawnSync(program!, rest, {
    ...{ encoding: 'utf8', input, maxBuffer: 1 << 26, timeout: 50_000 },
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: status, signal, stdout, stderr };
}
