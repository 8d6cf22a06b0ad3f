/** `overspan service install`: hands the node to systemd. */
import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { apiError } from '../../../api/errors.ts';
import { exitCodes } from '../../../base/errors.ts';
import { overspanVersion } from '../../../sys/version.ts';
import { encode } from '../../../wire/codec.ts';
import { world } from '../../../wire/world.ts';
import type { Act, CliContext } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { integer } from '../../options.ts';
import { connectService } from '../../service.ts';
import { printResult, rootOption, shownCommand } from './result.ts';

interface Options {
  readonly planet?: string;
  readonly port?: number;
  readonly store?: string;
  readonly start: boolean;
  readonly root?: string;
  readonly dryRun?: true;
  readonly force?: boolean;
}

/** How often, and every how many ms, the node that was started is asked for an answer. */
const askings = 40;
const askAgainMs = 250;

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--planet <file>', 'the roots to use; the service gets a copy')
    .option('-p, --port <port>', 'as of overspan up', integer('--port', 0, 65_535, '9993'))
    .option(
      '--store <url>',
      'where its own networks are kept, as of overspan up; also in OVERSPAN_STORE; goes to a file that root alone reads',
    )
    .option('--no-start', 'start it with the machine only')
    .option('--dry-run', 'print what would be written and run, and do nothing')
    .option('--force', 'also replace files that were changed by hand')
    .addOption(rootOption())
    .addHelpText(
      'after',
      '\nThe node runs as the user overspan with CAP_NET_ADMIN and no other right; its home is /var/lib/overspan.\n' +
        'To install again changes what the options say: name them all. A unit that was changed by hand is kept;\n' +
        'better add to it by: systemctl edit overspan',
    )
    .action(
      act(async (cli, options: Options) => {
        const systemd = await import('../../../systemd/index.ts');
        const store = options.store ?? process.env['OVERSPAN_STORE'];
        if (store !== undefined && !systemd.isUsableStore(store))
          // What was given may hold a password: it is not repeated.
          throw cliError(
            'OPTION_INVALID',
            `--store takes postgres://… or a file below ${systemd.stateDirectory}: the service may write nowhere else`,
            { remedy: `for example: --store ${systemd.stateDirectory}/controller.db` },
          );
        const request = {
          node: process.execPath,
          program: realpathSync(process.argv[1] ?? ''),
          version: overspanVersion(),
          port: options.port,
          planet: options.planet === undefined ? undefined : await planetBytes(options.planet),
          storeUrl: store,
        };
        const { root, start, force = false } = options;
        if (options.dryRun === true) {
          printPlan(
            cli,
            systemd.serviceFiles(request),
            systemd.installCommands({ start, isNew: true }),
          );
          return undefined;
        }
        const result = await systemd.installService(request, {
          root,
          start,
          force,
          signal: cli.signal,
        });
        const answers = start && result.wereRun;
        printResult(cli, result, answers ? await nodeAddress(cli, systemd.stateDirectory) : null);
        return cli.signal.aborted ? exitCodes.interrupted : undefined;
      }),
    );
}

/** The planet in a file, written again: what is no planet ends here, and not in the log of a service. */
async function planetBytes(path: string): Promise<Uint8Array> {
  const { readPlanet } = await import('../../../daemon/index.ts');
  return encode(world, await readPlanet(path));
}

type Systemd = typeof import('../../../systemd/index.ts');

function printPlan(
  cli: CliContext,
  files: ReturnType<Systemd['serviceFiles']>,
  commands: ReturnType<Systemd['installCommands']>,
): void {
  const shown = files.map(({ path, mode, content }) => ({
    path,
    mode: mode.toString(8),
    content: (mode & 0o077) === 0 || typeof content !== 'string' ? null : content,
  }));
  if (cli.json) {
    cli.printJson({ files: shown, commands });
    return;
  }
  for (const { path, mode, content } of shown) {
    cli.print(`${path}, mode ${mode}${content === null ? ', not shown' : ':'}`);
    if (content !== null) cli.print(content);
  }
  for (const argv of commands) cli.print(shownCommand(argv));
}

/** The address of the node that was started, when it answers. @throws DAEMON_NOT_RUNNING */
async function nodeAddress(cli: CliContext, home: string): Promise<string | null> {
  for (let asking = 0; asking < askings && !cli.signal.aborted; asking++) {
    try {
      return (await (await connectService({ ...cli, home })).status()).address;
    } catch {
      await delay(askAgainMs);
    }
  }
  if (cli.signal.aborted) return null;
  throw apiError('DAEMON_NOT_RUNNING', 'the service was started, and its node does not answer', {
    remedy: 'see why: journalctl -u overspan -e',
    details: { home },
  });
}
