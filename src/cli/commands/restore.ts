/** `overspan restore`: makes a node again out of a backup. */
import type { Command } from 'commander';

import { exitCodes } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { nodeProvider } from '../../io/crypto/index.ts';
import type { Act } from '../context.ts';
import { addPassphraseOption, passphraseOf, type PassphraseOptions } from '../passphrase.ts';

interface Options extends PassphraseOptions {
  readonly store?: string;
  readonly force?: true;
}

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  addPassphraseOption(command.argument('<file>', 'a backup'))
    .option(
      '--store <url>',
      'where the networks are to be kept (default: controller.db of the home; also in OVERSPAN_STORE)',
    )
    .option('--force', 'move another identity, and networks that are there, aside')
    .addHelpText(
      'after',
      '\nNeeds a home in which no daemon runs. Where a step fails, everything is as it was. Nothing is removed: what was\n' +
        'in the way is in before-restore-TIME of the home. Two nodes with one identity take each other’s packets away:\n' +
        'see that the old one is gone for good.',
    )
    .action(
      act(async (cli, file: string, options: Options) => {
        const passphrase = await passphraseOf(options, cli.signal);
        if (passphrase === null) return exitCodes.interrupted;
        const { restoreBackup } = await import('../../daemon/backup/index.ts');
        const storeUrl = options.store ?? process.env['OVERSPAN_STORE'];
        const restored = await restoreBackup(nodeProvider(), {
          home: cli.home,
          storeUrl,
          file,
          passphrase,
          force: options.force === true,
        });
        if (cli.json) {
          cli.printJson({ home: cli.home, ...restored });
          return undefined;
        }
        const { address, createdAtMs, joinedCount, recordCounts, movedAside } = restored;
        const { networks, members, invites } = recordCounts;
        cli.print(`node ${address}, as of ${new Date(createdAtMs).toISOString()}`);
        cli.print(`  home    ${escapeText(cli.home, 4096)}`);
        cli.print(`  owned   ${networks} networks, ${members} members, ${invites} invitations`);
        cli.print(`  joined  ${joinedCount} networks`);
        for (const path of movedAside) cli.print(`  aside   ${escapeText(path, 4096)}`);
        cli.note('');
        cli.note('what was changed after that time is not in it: look who is authorised. next:');
        cli.note(`  overspan up${storeUrl === undefined ? '' : ' --store …'}`);
        return undefined;
      }),
    );
}
