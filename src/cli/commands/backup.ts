/** `overspan backup`: what a node is and owns, in one encrypted file. */
import type { Command } from 'commander';

import { errorCode, errorMessage, exitCodes } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { nodeProvider } from '../../io/crypto/index.ts';
import type { Act, CliContext } from '../context.ts';
import { addPassphraseOption, newPassphrase, type PassphraseOptions } from '../passphrase.ts';
import { connectService } from '../service.ts';

interface Options extends PassphraseOptions {
  readonly store?: string;
}

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  addPassphraseOption(command.argument('<file>', 'where it goes: a file that is not there yet'))
    .option(
      '--store <url>',
      'where the networks are kept (default: controller.db of the home; also in OVERSPAN_STORE)',
    )
    .addHelpText(
      'after',
      '\nHolds the identity, the planet and its key, moons, joined networks, local.conf, the token of the API, and all\n' +
        'networks, members and invitations of the controller. The daemon may run. Who has the file and the passphrase\n' +
        'has the node: docs/backup.md.',
    )
    .action(
      act(async (cli, file: string, options: Options) => {
        const passphrase = await newPassphrase(options, cli.signal);
        if (passphrase === null) return exitCodes.interrupted;
        const { makeBackup } = await import('../../daemon/backup/index.ts');
        const made = await makeBackup(nodeProvider(), {
          home: cli.home,
          storeUrl: options.store ?? process.env['OVERSPAN_STORE'],
          file,
          passphrase,
          owned: await ownedNetworks(cli),
        });
        if (cli.json) {
          cli.printJson({ file, ...made });
          return undefined;
        }
        const { address, joinedCount, files, recordCounts } = made;
        const { networks, members, invites } = recordCounts;
        cli.print(`node ${address} is in ${escapeText(file, 4096)}`);
        cli.print(`  owned   ${networks} networks, ${members} members, ${invites} invitations`);
        cli.print(`  joined  ${joinedCount} networks`);
        cli.print(`  files   ${files.length}`);
        cli.note('');
        cli.note('keep it apart from its passphrase; to restore it, with no daemon running:');
        cli.note(`  overspan restore ${escapeText(file, 4096)}`);
        return undefined;
      }),
    );
}

/** What the daemon says it owns, so that no other database is taken for its own; none where it does not run. */
async function ownedNetworks(cli: CliContext): Promise<NetworkId[]> {
  try {
    const owned = (await (await connectService(cli)).ownedNetworks()) ?? [];
    return owned.flatMap(({ id }) => parseNetworkId(id) ?? []);
  } catch (error) {
    if (errorCode(error) !== 'DAEMON_NOT_RUNNING')
      cli.note(`the daemon was not asked what it owns: ${escapeText(errorMessage(error))}`);
    return [];
  }
}
