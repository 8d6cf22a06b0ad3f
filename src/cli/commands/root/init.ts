/** `overspan root init`: makes a planet of one's own, or its next revision. */
import { join } from 'node:path';

import type { Command } from 'commander';

import { exitCodes } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { formatAddress } from '../../../base/ids.ts';
import { nodeProvider } from '../../../io/crypto/index.ts';
import { formatInetAddress } from '../../../wire/inet-address.ts';
import { world } from '../../../wire/world.ts';
import type { Act, CliContext } from '../../context.ts';
import { endpointsArgument } from '../../endpoint-argument.ts';
import { cliError } from '../../errors.ts';

interface Options {
  readonly identity?: readonly string[];
  readonly out: string;
  readonly revise?: true;
  readonly force?: true;
}

/** Adds the arguments, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<endpoints...>', 'where each root is reached: 192.0.2.1/9993[,2001:db8::1/9993]')
    .option('--identity <files...>', 'of the roots, in their order; made where there is none')
    .option('--out <file>', 'the planet; the key that signs it goes to FILE.key', 'planet')
    .option('--revise', 'make the next revision of the planet in that file')
    .option('--force', 'put another planet in its place')
    .addHelpText(
      'after',
      '\nWithout --identity the first root is this host, with the identity of its home directory.\n' +
        'Give every node the planet: overspan up --planet FILE. Keep FILE.key: whoever has it names the roots.\n' +
        'Start each root with its identity as identity.secret of its home directory.',
    )
    .action(
      act(async (cli, words: string[], options: Options) => {
        if (options.revise === true && options.force === true)
          throw cliError('OPTION_INVALID', '--revise and --force exclude each other', {
            remedy: 'use --revise: nodes take the next revision over by themselves',
          });
        const { makePlanetFiles } = await import('../../../daemon/index.ts');
        const { identity: files = [], out } = options;
        const mode =
          options.revise === true ? 'revise' : options.force === true ? 'replace' : 'new';
        try {
          const made = await makePlanetFiles(nodeProvider(), {
            roots: words.map((word, index) => ({
              endpoints: endpointsArgument(word),
              identityFile:
                files[index] ??
                (index === 0 && files.length === 0
                  ? join(cli.home, 'identity.secret')
                  : `${out}.root-${index + 1}.secret`),
            })),
            out,
            mode,
            signal: cli.signal,
          });
          print(cli, made, out);
        } catch (error) {
          if (cli.signal.aborted) return exitCodes.interrupted;
          throw error;
        }
        return undefined;
      }),
    );
}

type Made = Awaited<ReturnType<(typeof import('../../../daemon/index.ts'))['makePlanetFiles']>>;

function print(cli: CliContext, { planet, keyFile, roots }: Made, out: string): void {
  if (cli.json) {
    cli.printJson({
      planet: world.toJson(planet),
      file: out,
      keyFile,
      roots: roots.map(({ identity, endpoints, identityFile, isNew }) => ({
        address: formatAddress(identity.address),
        endpoints: endpoints.map(formatInetAddress),
        identityFile,
        isNew,
      })),
    });
    return;
  }
  cli.print(`made planet ${planet.id}, revision ${planet.timestamp}`);
  for (const { identity, endpoints, identityFile, isNew } of roots) {
    const where = endpoints.map(formatInetAddress).join(' ');
    const file = escapeText(identityFile, 4096);
    cli.print(`  root      ${formatAddress(identity.address)}  ${where}`);
    cli.print(`  identity  ${file}${isNew ? ', made now' : ''}`);
  }
  cli.print(`  file      ${escapeText(out, 4096)}   give it to every node`);
  cli.print(`  key       ${escapeText(keyFile, 4096)}   keep it: it signs the next revision`);
  cli.note('');
  cli.note('next:');
  cli.note(`  overspan up --planet ${escapeText(out, 4096)}`);
}
