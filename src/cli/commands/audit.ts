/** `overspan audit`: who changed what, the newest first. */
import type { Command } from 'commander';

import { escapeText } from '../../base/escape.ts';
import { formatU64 } from '../../base/ids.ts';
import type { Act } from '../context.ts';
import { networkArgument } from '../network-argument.ts';
import { integer } from '../options.ts';
import { connectManagement } from '../service.ts';
import { tableLines } from '../table.ts';
import { momentText } from '../time-text.ts';

interface Options {
  readonly network?: string;
  readonly limit: number;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--network <network>', 'of one network')
    .option('--limit <count>', 'how many lines', integer('--limit', 1, 1_000), 50)
    .action(
      act(async (cli, options: Options) => {
        const { network } = options;
        const id = network === undefined ? null : formatU64(networkArgument(network));
        const client = await connectManagement(cli);
        const entries = await client.audit({ network: id, limit: options.limit });
        if (cli.json) for (const entry of entries) cli.printJson(entry);
        else if (entries.length === 0) cli.print('nothing was changed yet');
        else
          for (const line of tableLines(
            ['when', 'who', 'what', 'network', 'whom', 'how'],
            entries.map(({ at, actor, action, network: of, subject, change }) => [
              momentText(at),
              actor.kind === 'local' ? 'this machine' : `token ${escapeText(actor.name)}`,
              action,
              of ?? '–',
              escapeText(subject ?? '–'),
              change === null ? '' : escapeText(JSON.stringify(change), 80),
            ]),
          ))
            cli.print(line);
        return undefined;
      }),
    );
}
