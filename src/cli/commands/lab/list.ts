/** `overspan lab list`: the labs of this home. */
import type { Command } from 'commander';

import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { sweep } from './sweep.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const { listLabs } = await import('../../../harness/lab/index.ts');
      await sweep(cli);
      const labs = listLabs(cli.home);
      if (cli.json) {
        cli.printJson({ labs });
        return undefined;
      }
      if (labs.length === 0) cli.note('no labs; make one: overspan lab up');
      else cli.print('id      kind      phase    age    process  engines');
      for (const { id, shell, phase, createdAtUnixMs, owner, engines } of labs) {
        const ageMinutes = Math.floor((systemClock.wallMs() - createdAtUnixMs) / 60_000);
        const cells = [
          id.padEnd(6),
          shell.kind.padEnd(8),
          phase.padEnd(7),
          `${ageMinutes} m`.padEnd(5),
          // A lab that was brought up to stay belongs to no process.
          (owner === null ? '-' : String(owner.pid)).padEnd(7),
          engines.map(({ name }) => name).join(', '),
        ];
        cli.print(cells.join('  ').trimEnd());
      }
      return undefined;
    }),
  );
}
