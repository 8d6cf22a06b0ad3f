/** `overspan context list`: the services that have names, and which of them commands are about. */
import type { Command } from 'commander';

import { backendNames } from '../../../api/backend/index.ts';
import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { readContexts } from '../../contexts.ts';
import { tableLines } from '../../table.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const { current, contexts } = await readContexts();
      const rows = Object.entries(contexts).sort(([a], [b]) => (a < b ? -1 : 1));
      if (cli.json) {
        cli.printJson({ current, contexts: rows.map(([name, each]) => ({ name, ...each })) });
        return undefined;
      }
      if (rows.length === 0) {
        cli.print('no context: commands are about the daemon of --home');
        return undefined;
      }
      const lines = tableLines(
        ['', 'context', 'service', 'where'],
        rows.map(([name, service]) => [
          name === current ? '*' : '',
          name,
          backendNames[service.kind],
          escapeText(service.kind === 'central' ? service.url : service.home, 4096),
        ]),
      );
      for (const line of lines) cli.print(line);
      return undefined;
    }),
  );
}
