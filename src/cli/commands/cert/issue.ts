/** `overspan cert issue server|client`: issues a certificate from the authority of this host. */
import { Argument, type Command } from 'commander';

import type { pkiError } from '../../../harness/pki/index.ts';
import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { sameDirectory } from './same-directory.ts';

interface Options {
  readonly days?: string;
  readonly rsa?: true;
  readonly dir?: string;
  readonly force?: true;
}

/** Adds the arguments, the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .addArgument(new Argument('<purpose>', 'what it is for').choices(['server', 'client']))
    .argument(
      '[name...]',
      'server: addresses and host names (default: all of this machine); client: its one name',
    )
    .option('--days <days>', 'validity in days (default: 397)')
    .option('--rsa', 'an RSA key of 2048 bits (default: of the same kind as the authority has)')
    .option('--dir <directory>', 'where the authority is (default: pki in the home directory)')
    .option('--force', 'replace the key and certificate that are there')
    .action(
      act(async (cli, purpose: 'server' | 'client', names: string[], options: Options) => {
        const pki = await import('../../../harness/pki/index.ts');
        const directory = options.dir ?? pki.pkiDirectory(cli.home);
        const now = systemClock.wallMs();
        const common = {
          days: options.days === undefined ? undefined : Number(options.days),
          keyType: options.rsa === true ? ('rsa-2048' as const) : undefined,
          force: options.force,
          now,
        };
        const issued =
          purpose === 'server'
            ? await pki.issueServer(directory, {
                ...common,
                names: names.length > 0 ? names : pki.localNames(),
              })
            : await pki.issueClient(directory, { ...common, name: onlyName(names, pki.pkiError) });
        if (cli.json) {
          cli.printJson({ cert: issued.cert, key: issued.key, certificate: issued.certificate });
          return undefined;
        }
        const { subject, issuer, keyType, names: alternatives } = issued.certificate;
        cli.print(`issued a ${purpose} certificate: ${subject} (${keyType}), by ${issuer}`);
        cli.print(`  certificate  ${issued.cert}`);
        cli.print(`  key          ${issued.key}`);
        if (alternatives.length > 0) cli.print(`  names        ${alternatives.join(', ')}`);
        cli.print(`  validity     ${pki.validityInWords(issued.certificate, now)}`);
        const authorityFile = pki.shellWord(pki.pkiPaths(directory).ca.cert);
        if (purpose === 'client')
          cli.note(`next: copy both files and ${authorityFile} there, for --cert, --key and --ca`);
        else if (options.dir === undefined)
          cli.note(`next: overspan serve${sameDirectory(cli, undefined, pki.shellWord)}`);
        return undefined;
      }),
    );
}

function onlyName(names: readonly string[], makeError: typeof pkiError): string {
  const [name, ...more] = names;
  if (name !== undefined && more.length === 0) return name;
  throw makeError('PKI_NAME_INVALID', 'a client certificate has exactly one name', {
    remedy: 'overspan cert issue client NAME',
  });
}
