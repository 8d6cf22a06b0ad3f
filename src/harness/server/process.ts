/** `overspan serve` as a process of its own: for the floor of the harness, and on the hosts of a lab. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { escapeText } from '../../base/escape.ts';
import { spawnProcess, type ProcessHandle, type ProcessOptions } from '../../sys/process.ts';
import { serverError } from './errors.ts';

/** Starts a process somewhere: here, or on a host of a lab. */
export type Spawn = (argv: readonly string[], options: ProcessOptions) => Promise<ProcessHandle>;

/** A server process that listens. */
export interface ServerProcess {
  readonly port: number;
  readonly instanceId: string;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** The command line that runs this very program again, with the same Node and the same flags. */
export function ownProgram(): string[] {
  // From the sources (tests, benches) the entry is the .ts file and the flags in execArgv load it.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = fileURLToPath(new URL(`../../cli/main.${ending}`, import.meta.url));
  return [process.execPath, ...process.execArgv, entry];
}

/**
 * Starts `overspan serve` and waits until it listens. It ends by itself when this process does, however that happens:
 * its standard input is a pipe that closes with us.
 *
 * @param words - options of `overspan serve`
 * @throws SERVER_PROCESS_FAILED
 */
export async function startServerProcess(
  words: readonly string[],
  spawn: Spawn = spawnProcess,
): Promise<ServerProcess> {
  const argv = [
    ...ownProgram(),
    'serve',
    '--json',
    '--quiet',
    '--until-input-ends',
    '--invitations',
    '0',
    ...words,
  ];
  const child = await spawn(argv, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    ownGroup: true,
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Uint8Array) => {
    if (complaint.length < 4096) complaint += new TextDecoder().decode(chunk);
  });
  const listening = await firstLine(child);
  if (listening === null) {
    await child.kill();
    throw serverError(
      'SERVER_PROCESS_FAILED',
      `the server process did not start: ${escapeText(complaint.trim())}`,
      {
        remedy: `run it by hand to see why: overspan serve ${words.join(' ')}`,
      },
    );
  }
  return {
    port: listening.port,
    instanceId: listening.instanceId,
    close: async () => {
      child.stdin?.end();
      await child.kill();
    },
  };
}

/** What the process says first; null where it ends, or says something else. */
async function firstLine(
  child: ProcessHandle,
): Promise<{ readonly port: number; readonly instanceId: string } | null> {
  if (child.stdout === null) return null;
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    child.exited.then(() => null),
  ]);
  if (line === null) return null;
  try {
    const event = JSON.parse(line) as { event?: unknown; port?: unknown; instanceId?: unknown };
    return event.event === 'listening' && typeof event.port === 'number'
      ? { port: event.port, instanceId: String(event.instanceId) }
      : null;
  } catch {
    return null;
  }
}
