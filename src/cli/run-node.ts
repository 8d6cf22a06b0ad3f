/** What `overspan up` and `overspan controller` have in common: a node in the foreground, until it is stopped. */
import type { Command } from 'commander';

import { exitCodes, type ExitCode } from '../base/errors.ts';
import { formatAddress } from '../base/ids.ts';
import { overspanVersion } from '../sys/version.ts';
import type { CliContext } from './context.ts';
import { integer } from './options.ts';

/** Options of both. */
export interface NodeOptions {
  readonly port?: number;
  readonly planet?: string;
  readonly store?: string;
}

/** Adds them. */
export function addNodeOptions(command: Command): Command {
  return command
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
    );
}

/** Runs it to its end. @throws what starting it throws */
export async function runNode(
  cli: CliContext,
  { port: wantedPort, planet, store }: NodeOptions,
  parts: { readonly withController: boolean; readonly withDevices: boolean },
): Promise<ExitCode> {
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
  const facts = { address: formatAddress(address), port, controller: isController };
  if (cli.json) cli.printJson({ event: 'ready', ...facts, home: cli.home });
  else cli.print(`overspan ${overspanVersion()}: node ${facts.address} on port ${port}`);
  await stopped(cli.signal);
  log.info('stopping');
  await daemon.stop();
  log.info('stopped');
  return exitCodes.done;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
