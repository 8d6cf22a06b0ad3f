/** `overspan api-token revoke`: ends tokens. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { connectManagement } from '../../service.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<tokens...>', '8 hexadecimal digits each: overspan api-token list').action(
    act(async (cli, ids: string[]) => {
      const client = await connectManagement(cli);
      for (const id of ids) {
        await client.revokeToken(id);
        if (!cli.json) cli.print(`token ${escapeText(id)} is worth nothing any more`);
      }
      if (cli.json) cli.printJson({ revoked: ids });
      return undefined;
    }),
  );
}
