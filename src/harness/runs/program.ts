/** This very program as a process of its own: what measures shares none with a node or a page, and neither does a long analysis. */
import { createInterface } from 'node:readline';

import type { RunError } from '../../api/schema/run.ts';
import { escapeText } from '../../base/escape.ts';
import { spawnProcess, type ProcessExit } from '../../sys/process.ts';
import { ownProgram } from '../server/process.ts';

/** What is kept of the result that it prints: an analysis is some hundred kB. */
const resultBytesMax = 16 << 20;
/** What is kept of a complaint. */
const complaintLengthMax = 4_000;

/** How it ended. */
export interface ProgramEnd extends ProcessExit {
  /** The lines of its results; the error aside. */
  readonly results: readonly string[];
  /** What `--json` printed as its error; null: it printed none. */
  readonly error: RunError | null;
  /** What else it said on standard error. */
  readonly complaint: string;
}

/** One that runs. */
export interface OwnProgram {
  /** Never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /**
   * Ends its standard input, and the process itself where it is still there after `graceMs`. No signal at first: a second one, from
   * whoever stops all of a service's processes at once, would cut short what it has to write down. Idempotent.
   */
  stop(graceMs: number): Promise<void>;
}

/** Starts one: {@link startOwnProgram}, or a stand-in. */
export type StartProgram = typeof startOwnProgram;

/** What it is started with. */
export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of each line on standard error that is a JSON object. */
  readonly onEvent?: (event: Readonly<Record<string, unknown>>) => void;
}

/**
 * Starts `overspan WORDS --json --quiet`. Its standard input is a pipe that ends with us.
 *
 * @throws what starting a process throws
 */
export async function startOwnProgram(
  words: readonly string[],
  { environment, onEvent }: ProgramOptions = {},
): Promise<OwnProgram> {
  const child = await spawnProcess([...ownProgram(), ...words, '--json', '--quiet'], {
    stdin: 'pipe',
    ownGroup: true,
    ...(environment === undefined ? {} : { environment }),
  });
  const results: string[] = [];
  let [roomBytes, complaint] = [resultBytesMax, ''];
  let error: RunError | null = null;
  const out = linesOf(child.stdout, (line) => {
    const found = line.startsWith('{"error":') ? errorOf(line) : null;
    if (found !== null) error = found;
    else if ((roomBytes -= line.length) > 0) results.push(line);
  });
  const said = linesOf(child.stderr, (line) => {
    const event = line.startsWith('{') ? objectOf(line) : null;
    if (event !== null) onEvent?.(event);
    else if (complaint.length < complaintLengthMax) complaint += `${line}\n`;
  });
  return {
    ended: Promise.all([child.exited, out, said]).then(([exit]) => ({
      ...exit,
      ...{ results, error, complaint: escapeText(complaint.trim(), 400) },
    })),
    stop: async (graceMs) => {
      child.stdin?.end();
      const timer = setTimeout(() => void child.kill(), graceMs);
      await child.exited;
      clearTimeout(timer);
    },
  };
}

function linesOf(
  input: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (input === null) {
      resolve();
      return;
    }
    createInterface({ input }).on('line', onLine).once('close', resolve);
  });
}

function errorOf(line: string): RunError | null {
  const error = objectOf(line)?.['error'];
  if (typeof error !== 'object' || error === null) return null;
  const { code, message, remedy } = error as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  return { code, message, remedy: typeof remedy === 'string' ? remedy : '' };
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
