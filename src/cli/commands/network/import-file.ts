/** `overspan network import-file`: makes a network of what `overspan network export` wrote. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { Command } from 'commander';

import { networkFile, type NetworkFile } from '../../../api/schema/network-file.ts';
import { errorMessage } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { formatU64 } from '../../../base/ids.ts';
import type { Act } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { importNetwork } from '../../network-file.ts';
import { connectBackend } from '../../service.ts';

interface Options {
  readonly members: boolean;
}

/** Adds the argument, the option and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<file>', 'what `overspan network export` wrote; - is standard input')
    .option('--no-members', 'without the members')
    .addHelpText(
      'after',
      '\nThe network is a new one with an id of its own: members must join it again, and those that were authorised are.',
    )
    .action(
      act(async (cli, path: string, options: Options) => {
        const file = await readNetwork(path);
        const backend = await connectBackend(cli);
        const id = await importNetwork(backend, file, { withMembers: options.members });
        const network = await backend.network(id);
        if (cli.json) {
          cli.printJson({ network });
          return undefined;
        }
        const name = escapeText(network.name);
        cli.print(`made network ${formatU64(id)} "${name}" as ${file.from.network} was`);
        cli.note(`next, on each member: overspan join ${formatU64(id)}`);
        return undefined;
      }),
    );
}

async function readNetwork(path: string): Promise<NetworkFile> {
  try {
    const said = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
    return networkFile.parse(JSON.parse(said));
  } catch (error) {
    const why = escapeText(errorMessage(error).replaceAll(/\s+/g, ' '), 300);
    throw cliError('NETWORK_FILE_INVALID', `cannot take ${escapeText(path)}: ${why}`, {
      remedy: 'name a file that `overspan network export` wrote, or - for standard input',
      cause: error,
    });
  }
}
