/** `overspan doctor`: what this machine has and lacks, and the commands that mend it. */
import type { Command } from 'commander';

import { exitCodes } from '../../base/errors.ts';
import type { Act } from '../context.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.addHelpText('after', '\nExits with 1 where something is missing that is needed.').action(
    act(async (cli) => {
      const { examine } = await import('../../harness/doctor/index.ts');
      const findings = await examine({ home: cli.home, signal: cli.signal });
      const isMissing = findings.some(({ status }) => status === 'missing');
      if (cli.json) cli.printJson({ findings });
      else {
        const width = Math.max(...findings.map(({ id }) => id.length));
        for (const { id, status, message, remedy } of findings) {
          cli.print(`${status.padEnd(7)}  ${id.padEnd(width)}  ${message}`);
          if (remedy !== null) cli.print(`${' '.repeat(width + 11)}remedy: ${remedy}`);
        }
      }
      return isMissing ? exitCodes.failed : exitCodes.done;
    }),
  );
}
