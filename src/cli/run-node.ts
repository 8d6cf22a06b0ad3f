/** What `overspan up` and `overspan controller` have in common: a node in the foreground, until it is stopped. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import { exitCodes, type ExitCode } from '../base/errors.ts';
import { formatAddress } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { overspanVersion } from '../sys/version.ts';
import type { CliContext } from './context.ts';
import { integer } from './options.ts';
import {
  addPageOptions,
  refusePageOptions,
  servePagesOf,
  type PageOptions,
  type ServedPages,
} from './page.ts';

/** Options of both. */
export interface NodeOptions extends PageOptions {
  readonly port?: number;
  readonly planet?: string;
  readonly store?: string;
  readonly ui?: boolean;
}

/** Adds them. */
export function addNodeOptions(command: Command): Command {
  const node = command
    .option(
      '-p, --port <port>',
      'UDP, and TCP on loopback for the other commands; 0 for any (default: 9993, or the next that is free)',
      integer('--port', 0, 65_535, '9993'),
    )
    .option(
      '--planet <file>',
      'the roots to use (default: planet of the home, else the public ones)',
    )
    .option(
      '--store <url>',
      'where its own networks are kept: a file, or postgres://… (default: controller.db of the home; also in OVERSPAN_STORE)',
    )
    .option('--ui', 'serve the web UI too');
  return addPageOptions(node, 'runs of the home');
}

/** Runs it to its end. @throws what starting it throws */
export async function runNode(
  cli: CliContext,
  { port: wantedPort, planet, store, ui, ...place }: NodeOptions,
  parts: { readonly withController: boolean; readonly withDevices: boolean },
): Promise<ExitCode> {
  if (ui !== true) refusePageOptions(place);
  const { lineLog, startDaemon } = await import('../daemon/index.ts');
  const { systemClock } = await import('../sys/clock.ts');
  const log = lineLog({
    clock: systemClock,
    level: cli.verbose ? 'debug' : cli.quiet ? 'warn' : 'info',
    write: (line) => void process.stderr.write(`${line}\n`),
  });
  let daemon: Awaited<ReturnType<typeof startDaemon>>;
  try {
    daemon = await startDaemon({
      home: cli.home,
      port: wantedPort,
      planetFile: planet,
      storeUrl: store ?? process.env['OVERSPAN_STORE'],
      ...parts,
      log,
      signal: cli.signal,
    });
  } catch (error) {
    if (cli.signal.aborted) return exitCodes.interrupted;
    throw error;
  }
  const { address, port, isController } = daemon;
  const page = await pageOf(cli, { isWanted: ui === true, place, port }).catch(
    async (error: unknown) => {
      await daemon.stop();
      throw error;
    },
  );
  const facts = { address: formatAddress(address), port, controller: isController };
  const shown = page === null ? {} : { ui: page.url, join: page.joinUrl };
  if (cli.json) cli.printJson({ event: 'ready', ...facts, home: cli.home, ...shown });
  else {
    cli.print(`overspan ${overspanVersion()}: node ${facts.address} on port ${port}`);
    if (page !== null)
      cli.print(`web UI ${page.url}, token in ${join(cli.home, 'authtoken.secret')}`);
    if (page !== null && page.joinUrl !== null) cli.print(`join page ${page.joinUrl}`);
  }
  await stopped(cli.signal);
  log.info('stopping');
  await page?.close();
  await daemon.stop();
  log.info('stopped');
  return exitCodes.done;
}

/** The page of the node itself; it is asked over loopback, as by everybody else. Null: it is not wanted. */
async function pageOf(
  cli: CliContext,
  {
    isWanted,
    place,
    port,
  }: { readonly isWanted: boolean; readonly place: PageOptions; readonly port: number },
): Promise<ServedPages | null> {
  if (!isWanted) return null;
  const { daemonService } = await import('../gateway/index.ts');
  const { daemonAdmission } = await import('./page-admission.ts');
  const origin = `http://127.0.0.1:${port}`;
  const tokenFile = join(cli.home, 'authtoken.secret');
  const token = new Secret((await readFile(tokenFile, 'latin1')).trim());
  const reach = (): Promise<{ origin: string; token: Secret<string> }> =>
    Promise.resolve({ origin, token });
  return servePagesOf(cli, place, {
    services: [daemonService('here', reach)],
    inviter: { name: 'here', home: cli.home, reach },
    admission: daemonAdmission(origin, tokenFile, token),
    runsDirectory: join(cli.home, 'runs'),
  });
}

/** Resolves when it is to stop. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
