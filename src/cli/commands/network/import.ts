/** `overspan network import`: takes the networks of an official controller over. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import { nodeProvider } from '../../../io/crypto/index.ts';
import type { Act, CliContext } from '../../context.ts';
import { tableLines } from '../../table.ts';

interface Options {
  readonly store?: string;
  readonly dryRun?: true;
}

/** Lines of what could not be taken over that are printed; all are with `--json`. */
const lossesMax = 200;

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<directory>', 'a home of the official service, or its controller.d')
    .option(
      '--store <url>',
      'where the networks are kept (default: controller.db of the home; also in OVERSPAN_STORE)',
    )
    .option('--dry-run', 'say what would be imported, and write nothing')
    .addHelpText(
      'after',
      '\nNeeds a home in which no daemon runs, with the identity of the official controller: a home without one takes that of\n' +
        'the official home over. Stop the official service for good first: two nodes with one identity take each other’s\n' +
        'packets away. Networks that are here already stay as they are. What cannot be taken over is listed.',
    )
    .action(
      act(async (cli, directory: string, options: Options) => {
        const { importOfficial } = await import('../../../daemon/official/index.ts');
        const result = await importOfficial(nodeProvider(), {
          home: cli.home,
          storeUrl: options.store ?? process.env['OVERSPAN_STORE'],
          directory,
          isTrial: options.dryRun === true,
        });
        if (cli.json) cli.printJson({ isTrial: options.dryRun === true, ...result });
        else print(cli, result, options.dryRun === true);
        return undefined;
      }),
    );
}

type Result = Awaited<
  ReturnType<(typeof import('../../../daemon/official/index.ts'))['importOfficial']>
>;

function print(cli: CliContext, result: Result, isTrial: boolean): void {
  const { address, isAdopted, networks, losses, lossCounts } = result;
  const would = isTrial ? 'would be ' : '';
  cli.print(
    `node ${address}${isAdopted ? `, whose identity ${isTrial ? 'would be' : 'is'} here now` : ''}`,
  );
  const rows = networks.map(({ id, name, memberCount, isNew }) => [
    id,
    name === '' ? '–' : escapeText(name),
    String(memberCount),
    isNew ? `${would}imported` : 'here already: as it was',
  ]);
  for (const line of tableLines(['network', 'name', 'members', ''], rows)) cli.print(`  ${line}`);
  const counts = Object.entries(lossCounts).filter(([, count]) => count > 0);
  if (counts.length === 0) cli.print('everything was taken over');
  else
    cli.print(`not taken over: ${counts.map(([kind, count]) => `${count} × ${kind}`).join(', ')}`);
  for (const { kind, file, key, why } of losses.slice(0, lossesMax)) {
    const where = key === '' ? '' : ` ${escapeText(key)}`;
    cli.print(`  ${kind}  ${escapeText(file, 4096)}${where}: ${escapeText(why)}`);
  }
  if (losses.length > lossesMax)
    cli.print(`  … and ${losses.length - lossesMax} more: --json lists them`);
  cli.note('');
  cli.note('the planet, moons and joined networks of the official home are not imported. next:');
  cli.note('  overspan up');
}
