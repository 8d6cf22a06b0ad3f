/** `overspan cert init`: makes a certificate authority. */
import type { Command } from 'commander';

import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { sameDirectory } from './same-directory.ts';

interface Options {
  readonly name?: string;
  readonly days?: string;
  readonly rsa?: true;
  readonly dir?: string;
  readonly force?: true;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--name <name>', 'common name (default: "Overspan CA" and the host name)')
    .option('--days <days>', 'validity in days (default: 3650)')
    .option('--rsa', 'an RSA key of 3072 bits in place of ECDSA P-256')
    .option('--dir <directory>', 'where to write (default: pki in the home directory)')
    .option('--force', 'replace an authority that is there; what it issued stops working')
    .action(
      act(async (cli, options: Options) => {
        const pki = await import('../../../harness/pki/index.ts');
        const directory = options.dir ?? pki.pkiDirectory(cli.home);
        const now = systemClock.wallMs();
        const issued = await pki.initAuthority(directory, {
          name: options.name,
          days: options.days === undefined ? undefined : Number(options.days),
          keyType: options.rsa === true ? 'rsa-3072' : undefined,
          force: options.force,
          now,
        });
        if (cli.json) {
          cli.printJson({ cert: issued.cert, key: issued.key, certificate: issued.certificate });
          return undefined;
        }
        const { subject, keyType, fingerprint } = issued.certificate;
        cli.print(`made an authority: ${subject} (${keyType})`);
        cli.print(`  certificate  ${issued.cert}   may be given to anybody`);
        cli.print(
          `  key          ${issued.key}   keep it on this machine: it can sign any certificate`,
        );
        cli.print(`  validity     ${pki.validityInWords(issued.certificate, now)}`);
        cli.print(`  SHA-256      ${fingerprint}`);
        cli.note(
          `next: overspan cert issue server${sameDirectory(cli, options.dir, pki.shellWord)}`,
        );
        return undefined;
      }),
    );
}
