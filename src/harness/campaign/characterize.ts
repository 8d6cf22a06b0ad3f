/**
 * A comparison between two places that this program holds both: a measurement server in one process, `overspan compare`
 * in another. The places are the hosts of a lab, or this machine's loopback where there can be no lab.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../sys/clock.ts';
import { spawnProcess } from '../../sys/process.ts';
import type { Lab } from '../lab/index.ts';
import { fixedServerName, initAuthority, issueClient, issueServer } from '../pki/index.ts';
import { ownProgram, startServerProcess, type Spawn } from '../server/process.ts';

export interface CharacterizeOptions {
  /** Options passed on to `overspan compare`. */
  readonly compareWords: readonly string[];
  /** Options passed on to `overspan serve`. */
  readonly serverWords: readonly string[];
  /** Aborted: the comparison is told to stop, and writes down what it has. */
  readonly signal: AbortSignal;
  readonly onStep: (what: string) => void;
}

/** The two ends and the paths between them. */
export interface Ends {
  readonly server: Spawn;
  readonly client: Spawn;
  readonly paths: readonly {
    readonly label: string;
    readonly address: string;
    readonly description: string;
  }[];
}

/** Validity of certificates that live for one run: far from the last month, in which warnings begin. */
const days = 60;
/** How long an interrupted comparison may take to write down what it has. */
const wrapUpMs = 20_000;

/**
 * Compares the overlays of a lab: the server on host b, the client on host a.
 *
 * @returns the exit code of the comparison, which has the terminal as its own
 * @throws SERVER_PROCESS_FAILED, and what making certificates throws
 */
export function compareInLab(lab: Lab, options: CharacterizeOptions): Promise<number> {
  const { a, b } = lab.hosts;
  const ends: Ends = {
    server: b.spawn,
    client: a.spawn,
    paths: lab.engines.map((engine) => ({
      label: engine.name,
      address: engine.addressOf(b),
      description: engine.path.description,
    })),
  };
  return compareBetween(ends, options);
}

/** Compares loopback with itself: what is left where namespaces are refused. Returns and throws as the other. */
export function compareOverLoopback(options: CharacterizeOptions): Promise<number> {
  const address = '127.0.0.1';
  const description = 'loopback of this machine';
  const paths = ['loopback', 'again'].map((label) => ({ label, address, description }));
  return compareBetween({ server: spawnProcess, client: spawnProcess, paths }, options);
}

/** Compares the paths between two ends. Returns and throws as {@link compareInLab}. */
export async function compareBetween(ends: Ends, options: CharacterizeOptions): Promise<number> {
  const { signal, onStep } = options;
  const directory = await mkdtemp(join(tmpdir(), 'overspan-certificates-'));
  try {
    onStep('making certificates');
    const now = systemClock.wallMs();
    await initAuthority(directory, { name: 'Overspan lab', days, now });
    const names = ends.paths.map(({ address }) => address);
    const server = await issueServer(directory, { names, days, now });
    const client = await issueClient(directory, { name: 'lab-a', days, now });
    const ca = ['--ca', join(directory, 'ca.pem')];
    onStep('starting the measurement server');
    const process = await startServerProcess(
      ['--port', '0', ...ca, '--cert', server.cert, '--key', server.key, ...options.serverWords],
      ends.server,
    );
    try {
      const targets = ends.paths.map(({ label, address }) => `${label}=${address}:${process.port}`);
      const notes = ends.paths.flatMap(({ label, description }) => [
        '--path-note',
        `${label}=${description}`,
      ]);
      const identity = [...ca, '--cert', client.cert, '--key', client.key];
      const child = await ends.client(
        [
          ...ownProgram(),
          'compare',
          ...targets,
          ...notes,
          ...identity,
          '--server-name',
          fixedServerName,
          ...options.compareWords,
        ],
        // A group of its own: Ctrl-C then reaches only us, who pass it on once and wait for what was measured.
        { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', ownGroup: true },
      );
      const onAbort = (): void => void child.kill(wrapUpMs);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      const { exitCode } = await child.exited;
      signal.removeEventListener('abort', onAbort);
      return exitCode ?? 1;
    } finally {
      await process.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
