/**
 * Short commands of the host: run to their end, with a time-out, bounded output and an explained failure.
 */
import type { Readable } from 'node:stream';

import type { OverspanError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { commandError } from './command-errors.ts';
import { spawnProcess } from './process.ts';

export interface CommandOptions {
  /** Default 10 s: every command of a lab takes milliseconds. */
  readonly timeoutMs?: number;
  /** Output beyond this many bytes a stream is dropped. Default 1 MiB. */
  readonly outputBytesMax?: number;
  /** When aborted, the command is killed and COMMAND_INTERRUPTED is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Written to its standard input, which is closed after it. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** What to do when it fails; used when the failure has no better remedy of its own. */
  readonly remedy?: string;
}

/** What a command wrote: as it was, so escape it before it is shown. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command and returns what it wrote. It has a process group of its own: a Ctrl-C reaches us, who undo what was
 * begun, and not the half-done command.
 *
 * @param argv - the program and its arguments; never seen by a shell
 * @throws COMMAND_MISSING, COMMAND_FAILED (exit code or signal), COMMAND_TIMED_OUT, COMMAND_INTERRUPTED, PERMISSION
 * @example const { stdout } = await runCommand(['ip', '-j', 'link', 'show']);
 */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const { timeoutMs = 10_000, outputBytesMax = 1 << 20, signal } = options;
  const isAborted = (): boolean => signal?.aborted === true;
  if (isAborted()) throw interrupted(argv);
  const child = await spawnProcess(argv, {
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ownGroup: true,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.directory === undefined ? {} : { directory: options.directory }),
  });
  child.stdin?.end(options.input);

  let cut: 'timeout' | 'abort' | undefined;
  const stop = (why: 'timeout' | 'abort'): void => {
    cut ??= why;
    // A grandchild that left the group may hold the pipes open; we do not wait for it.
    void child.kill(500).then(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  };
  const onAbort = (): void => {
    stop('abort');
  };
  const timer = setTimeout(() => {
    stop('timeout');
  }, timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  // It may have been aborted while the command was being started.
  if (isAborted()) onAbort();
  const [stdout, stderr, exit] = await Promise.all([
    collect(child.stdout, outputBytesMax),
    collect(child.stderr, outputBytesMax),
    child.exited,
  ]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);

  if (cut === 'abort') throw interrupted(argv);
  if (cut === 'timeout') {
    throw commandError('COMMAND_TIMED_OUT', `${shown(argv)} took longer than ${timeoutMs} ms`, {
      remedy: options.remedy ?? 'try again when the machine is less busy',
      details: { argv, timeoutMs },
    });
  }
  if (exit.exitCode !== 0) {
    const end = exit.exitCode === null ? `by ${exit.signal}` : `with exit code ${exit.exitCode}`;
    throw failed(argv, end, stderr === '' ? stdout : stderr, options.remedy);
  }
  return { stdout, stderr };
}

/** Reads a stream to its end and keeps its beginning. */
async function collect(stream: Readable | null, bytesMax: number): Promise<string> {
  if (stream === null) return '';
  const chunks: Uint8Array[] = [];
  let roomBytes = bytesMax;
  await new Promise<void>((resolve) => {
    stream.on('data', (chunk: Uint8Array) => {
      if (roomBytes > 0) chunks.push(chunk.subarray(0, roomBytes));
      roomBytes -= chunk.length;
    });
    stream.once('close', resolve);
  });
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

function failed(
  argv: readonly string[],
  end: string,
  printed: string,
  remedy: string | undefined,
): OverspanError {
  const said = escapeText(printed.trim().replaceAll('\n', '; '), 400);
  const message = `${shown(argv)} ended ${end}: ${said === '' ? 'it said nothing' : said}`;
  const details = { argv, printed: said };
  if (/operation not permitted|permission denied|must be root/i.test(printed)) {
    return commandError('PERMISSION', message, {
      remedy: remedy ?? 'run it as root: sudo overspan …',
      details,
    });
  }
  return commandError('COMMAND_FAILED', message, {
    remedy: remedy ?? 'run `overspan doctor`, which says what this machine lacks',
    details,
  });
}

function interrupted(argv: readonly string[]): OverspanError {
  return commandError('COMMAND_INTERRUPTED', `stopped in ${shown(argv)}`, {
    remedy: 'run the command again',
    details: { argv },
  });
}

function shown(argv: readonly string[]): string {
  return `\`${escapeText(argv.join(' '), 200)}\``;
}
