/**
 * Child processes: the one file of the product that starts them. An argument vector, never a shell; a handle whose end
 * is a promise; a kill that asks first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { assert, errorCode } from '../base/errors.ts';
import { commandError } from './command-errors.ts';

/** What becomes of one standard stream of a child; a number is an open descriptor of ours, which stays ours to close. */
export type Stdio = 'ignore' | 'pipe' | 'inherit' | number;

export interface ProcessOptions {
  /** Default `ignore`. */
  readonly stdin?: Stdio;
  /** Default `pipe`. */
  readonly stdout?: Stdio;
  /** Default `pipe`. */
  readonly stderr?: Stdio;
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: our own working directory. */
  readonly directory?: string;
  /**
   * A session and process group of its own: a Ctrl-C on the terminal is then ours to pass on, and {@link
   * ProcessHandle.kill} reaches the child's own children. Default false: the child shares our terminal.
   */
  readonly ownGroup?: boolean;
}

/** How a process ended: exactly one of the two is not null. */
export interface ProcessExit {
  readonly exitCode: number | null;
  /** `SIGKILL`, … */
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessHandle {
  readonly pid: number;
  /** Null unless asked for as a pipe. A pipe of output must be read, or the child stops when it is full. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGTERM, and SIGKILL when it is still there after `graceMs` (default 2000). Idempotent. */
  kill(graceMs?: number): Promise<ProcessExit>;
  /** Lets our own process end while the child runs on. */
  release(): void;
}

/**
 * Starts a process and returns when it runs.
 *
 * @param argv - the program and its arguments, at least one word; looked up in PATH, `/usr/sbin` and `/sbin`
 * @throws COMMAND_MISSING when there is no such program, PERMISSION when it may not be run
 */
export async function spawnProcess(
  argv: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessHandle> {
  const [program, ...words] = argv;
  assert(program !== undefined, 'a command has at least one word');
  const { stdin = 'ignore', stdout = 'pipe', stderr = 'pipe', ownGroup = false } = options;
  const child = spawn(program, words, {
    stdio: [stdin, stdout, stderr],
    env: { ...process.env, PATH: searchPath(), ...options.environment },
    detached: ownGroup,
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw explainSpawn(program, error);
  }
  // Later errors are failed kills, which the exit tells; a child that closed its input early is no error of ours.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  const pid = child.pid;
  assert(pid !== undefined, 'a process that runs has an id');

  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const send = (signal: NodeJS.Signals): void => {
    if (ended()) return;
    // Until Node has reaped the child (and emitted `exit`), its id and its group cannot be anybody else's.
    if (!ownGroup) child.kill(signal);
    else signalGroup(pid, signal);
  };
  return {
    pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    kill: async (graceMs = 2_000) => {
      send('SIGTERM');
      const timer = setTimeout(() => {
        send('SIGKILL');
      }, graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
    release: () => {
      child.stdin?.destroy();
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** `ip` lives in /usr/sbin, which an ordinary user of Debian does not have in PATH. */
function searchPath(): string {
  const path = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  const known = path.split(':');
  return [path, ...['/usr/sbin', '/sbin'].filter((directory) => !known.includes(directory))].join(
    ':',
  );
}

function isInPath(program: string): boolean {
  if (program.includes('/')) return existsSync(program);
  return searchPath()
    .split(':')
    .some((directory) => existsSync(join(directory, program)));
}

/** The Debian package of the commands that we run, for the remedy. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  ethtool: 'ethtool',
  openssl: 'openssl',
  iperf3: 'iperf3',
  sockperf: 'sockperf',
};

function explainSpawn(program: string, error: unknown): Error {
  const code = errorCode(error);
  // execvp(3) also says EACCES where a directory of PATH may not be searched and no other has the program.
  if (code === 'ENOENT' || (code === 'EACCES' && !isInPath(program))) {
    const name = packages[program];
    return commandError('COMMAND_MISSING', `${program} is not installed or not in PATH`, {
      remedy:
        name === undefined ? `install ${program}` : `sudo apt-get install ${name} (or its like)`,
      cause: error,
      details: { program },
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return commandError('PERMISSION', `${program} may not be run by this user`, {
      remedy: `check the permissions: ls -l "$(command -v ${program})"`,
      cause: error,
      details: { program },
    });
  }
  return commandError('COMMAND_FAILED', `${program} could not be started: ${String(code)}`, {
    remedy: 'free memory or processes, and try again',
    cause: error,
    details: { program },
  });
}
