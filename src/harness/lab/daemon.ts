/**
 * The daemons of an engine: processes on the hosts that run until the engine goes down, even when their maker ends
 * before (`lab up`). What they say is kept in files beside their own.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { LabHost } from './host.ts';
import type { Step } from './steps.ts';
import { engineMark } from './undo.ts';

/** What is to be started. */
export interface DaemonRequest {
  readonly host: LabHost;
  /** What it is called in steps, errors and the name of its log. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A daemon. */
export interface Daemon {
  readonly host: LabHost;
  readonly name: string;
  readonly pid: number;
  /** How it ended, in words; null while it runs. */
  ending(): string | null;
  /** All that it has said so far: as it was, so escape it before it is shown. */
  said(): string;
}

/** What an engine keeps on this machine while it is up. */
export interface Workspace {
  /** A private directory that goes with the engine. Made at the first call, which is a step. */
  readonly directory: () => Promise<string>;
  /** Starts a daemon, in a step. It ends with the engine. @throws what spawnProcess throws */
  readonly start: (request: DaemonRequest) => Promise<Daemon>;
}

/**
 * The workspace of one engine of a lab.
 *
 * @param path - of its directory, which is not there yet
 * @param mark - of its daemons: no other engine of this machine has it
 */
export function workspaceOf(step: Step, path: string, mark: string): Workspace {
  let made: Promise<string> | undefined;
  const directory = (): Promise<string> =>
    (made ??= step('directory', { kind: 'directory', path }, async () => {
      await mkdir(path, { mode: 0o700 });
      return path;
    }));
  return {
    directory,
    start: async ({ host, name, argv, environment }) => {
      const log = join(await directory(), `${name}-${host.name}.log`);
      const descriptor = openSync(log, 'a', 0o600);
      try {
        const child = await step(`${name} on ${host.name}`, { kind: 'processes', mark }, () =>
          host.spawn(argv, {
            stdout: descriptor,
            stderr: descriptor,
            // A group of its own: a Ctrl-C is ours, and the lab may stay when we end.
            ownGroup: true,
            environment: { ...environment, [engineMark]: mark },
          }),
        );
        child.release();
        let ending: string | null = null;
        void child.exited.then(({ exitCode, signal }) => {
          ending = exitCode === null ? `by ${signal}` : `with exit code ${exitCode}`;
        });
        return {
          host,
          name,
          pid: child.pid,
          ending: () => ending,
          said: () => readFileSync(log, 'utf8'),
        };
      } finally {
        closeSync(descriptor);
      }
    },
  };
}
