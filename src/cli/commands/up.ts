/** `overspan up`: runs a node in the foreground. */
import type { Command } from 'commander';

import { exitCodes } from '../../base/errors.ts';
import { formatAddress } from '../../base/ids.ts';
import { overspanVersion } from '../../sys/version.ts';
import type { Act } from '../context.ts';
import { integer } from '../options.ts';

interface Options {
  readonly port?: number;
  readonly planet?: string;
  readonly controller: boolean;
  readonly store?: string;
  readonly devices: boolean;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option(
      '-p, --port <port>',
      'UDP, and TCP on loopback for the other commands; 0 for any (default: 9993, or the next that is free)',
      integer('--port', 0, 65_535, '9993'),
    )
    .option(
      '--planet <file>',
      'the roots to use (default: planet of the home, else the public ones)',
    )
    .option('--no-controller', 'own no networks')
    .option(
      '--store <url>',
      'where its own networks are kept: a file, or postgres://… (default: controller.db of the home; also in OVERSPAN_STORE)',
    )
    .option('--no-devices', 'relay and control only: needs no special right, and joins no network')
    .addHelpText(
      'after',
      '\nNeeds the right to make network devices: root, CAP_NET_ADMIN, or a user namespace of its own.\n' +
        'The log goes to standard error. Ends with SIGINT or SIGTERM, and takes back what it did to the machine.\n' +
        'Datagrams and encryption take the fastest way that works; OVERSPAN_UDP=node and OVERSPAN_CRYPTO=node in the\n' +
        'environment make it node:dgram and node:crypto.',
    )
    .action(
      act(async (cli, options: Options) => {
        const { lineLog, startDaemon } = await import('../../daemon/index.ts');
        const { systemClock } = await import('../../sys/clock.ts');
        const log = lineLog({
          clock: systemClock,
          level: cli.verbose ? 'debug' : cli.quiet ? 'warn' : 'info',
          write: (line) => void process.stderr.write(`${line}\n`),
        });
        let daemon: Awaited<ReturnType<typeof startDaemon>>;
        try {
          daemon = await startDaemon({
            home: cli.home,
            port: options.port,
            planetFile: options.planet,
            withController: options.controller,
            storeUrl: options.store ?? process.env['OVERSPAN_STORE'],
            withDevices: options.devices,
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
      }),
    );
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
