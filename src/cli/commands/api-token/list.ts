/** `overspan api-token list`: tokens for programs, without the tokens. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { connectManagement } from '../../service.ts';
import { tableLines } from '../../table.ts';
import { momentText } from '../../time-text.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const client = await connectManagement(cli);
      const tokens = await client.tokens();
      if (cli.json) cli.printJson({ tokens });
      else if (tokens.length === 0) cli.print('no API tokens');
      else
        for (const line of tableLines(
          ['token', 'name', 'may', 'until'],
          tokens.map(({ id, name, scopes, expiresAt }) => [
            id,
            escapeText(name),
            scopes.join(', '),
            momentText(expiresAt),
          ]),
        ))
          cli.print(line);
      return undefined;
    }),
  );
}
