/** `overspan wire identity new`: makes an identity, and keeps its secret key in a file or shows it. */
import type { Command } from 'commander';

import { exitCodes } from '../../../../base/errors.ts';
import { escapeText } from '../../../../base/escape.ts';
import { formatAddress } from '../../../../base/ids.ts';
import {
  generateIdentityInWorker,
  identityError,
  writeIdentityFile,
} from '../../../../io/identity/index.ts';
import {
  formatIdentity,
  formatSecretIdentity,
  type SecretIdentity,
} from '../../../../wire/identity.ts';
import type { Act, CliContext } from '../../../context.ts';

interface Options {
  readonly out?: string;
  readonly showSecret?: true;
  readonly force?: true;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--out <file>', 'write it with its secret key to a file that only its owner may read')
    .option('--show-secret', 'print it with its secret key')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      '\nTakes about a second. At least one of --out and --show-secret says where the secret key goes.\n' +
        'With --show-secret alone the identity is all that is printed, for a pipe or a secret store.',
    )
    .action(
      act(async (cli, options: Options) => {
        if (options.out === undefined && options.showSecret !== true)
          throw identityError(
            'IDENTITY_NOWHERE_TO_GO',
            'an identity without its secret key is of no use',
            {
              remedy:
                'overspan wire identity new --out identity.secret   (or --show-secret to print it)',
            },
          );
        const made = await makeUnlessAborted(cli.signal);
        if (made === null) return exitCodes.interrupted;
        const text = formatSecretIdentity(made);
        if (options.out !== undefined)
          await writeIdentityFile(options.out, text, { overwrite: options.force === true });
        printMade(cli, made, options);
        return undefined;
      }),
    );
}

async function makeUnlessAborted(signal: AbortSignal): Promise<SecretIdentity | null> {
  try {
    return await generateIdentityInWorker({ signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

function printMade(cli: CliContext, made: SecretIdentity, { out, showSecret }: Options): void {
  const { identity } = made;
  const secret = showSecret === true ? formatSecretIdentity(made).reveal() : null;
  if (cli.json) {
    cli.printJson({
      address: formatAddress(identity.address),
      identity: formatIdentity(identity),
      file: out ?? null,
      ...(secret === null ? {} : { secretIdentity: secret }),
    });
  } else if (out === undefined) {
    cli.print(secret ?? '');
  } else {
    cli.print(`made an identity: ${formatAddress(identity.address)}`);
    cli.print(`  public    ${formatIdentity(identity)}`);
    if (secret !== null) cli.print(`  secret    ${secret}`);
    cli.print(`  file      ${escapeText(out, 4096)}   keep it: whoever has it is this node`);
  }
}
