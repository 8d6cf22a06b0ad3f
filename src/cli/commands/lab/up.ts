/** `overspan lab up`: makes a lab that stays until `overspan lab down`. */
import type { Command } from 'commander';

import type { LabState } from '../../../harness/lab/index.ts';
import type { Act, CliContext } from '../../context.ts';
import { allEngines, engineNames } from '../../engine-argument.ts';
import { sweep } from './sweep.ts';

interface Options {
  readonly engine: string;
  readonly rootless?: boolean;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .option('--engine <names>', `overlays to bring up, with commas; ${allEngines}`, 'direct,vxlan')
    .option('--rootless', 'in a user namespace of its own, also as root')
    .action(
      act(async (cli, options: Options) => {
        const { raiseLab } = await import('../../../harness/lab/index.ts');
        await sweep(cli);
        const lab = await raiseLab({
          home: cli.home,
          engines: await engineNames(cli, options.engine),
          rootless: options.rootless ?? false,
          signal: cli.signal,
          onStep: (what) => {
            if (cli.verbose) cli.note(what);
          },
        });
        if (cli.json) cli.printJson({ lab });
        else printLab(cli, lab);
        return undefined;
      }),
    );
}

function printLab(cli: CliContext, { id, shell, hosts, engines }: LabState): void {
  cli.print(
    `lab ${id} is up: ${hosts.map(({ name }) => name).join(', ')}${shell.kind === 'rootless' ? ', rootless' : ''}`,
  );
  const names = ['', ...engines.map(({ name }) => name)];
  const width = Math.max(...names.map((name) => name.length)) + 2;
  cli.print(`${''.padEnd(width)}${hosts.map(({ name }) => name.padEnd(15)).join('')}path`);
  for (const { name, addresses, path } of engines) {
    const cells = hosts.map((host) => (addresses[host.name] ?? '').padEnd(15));
    cli.print(`${name.padEnd(width)}${cells.join('')}${path}`);
  }
  cli.note('');
  cli.note('next:');
  const [first] = hosts;
  cli.note(`  overspan lab exec ${first?.name ?? 'a'} --lab ${id} -- ip address`);
  cli.note(`  overspan lab down ${id}`);
}
