/** `overspan api-token create`: a token for programs, with scopes and an end. */
import { Option, type Command } from 'commander';

import type { TokenV1 } from '../../../api/schema/v1.ts';
import type { Act } from '../../context.ts';
import { duration } from '../../duration-option.ts';
import { connectManagement } from '../../service.ts';
import { momentText } from '../../time-text.ts';

interface Options {
  readonly scope: TokenV1['scopes'];
  readonly expires: number | null;
}

const scopes: TokenV1['scopes'] = ['read', 'members', 'networks', 'node', 'admin'];

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<name>', 'what it is for')
    .addOption(
      new Option('--scope <scopes...>', 'what it may do').choices(scopes).default(['read']),
    )
    .option(
      '--expires <time>',
      'after 30m, 12h, 7d, or never',
      duration('--expires', '90d'),
      7_776_000_000,
    )
    .action(
      act(async (cli, name: string, options: Options) => {
        const client = await connectManagement(cli);
        const token = await client.createToken({
          name,
          scopes: options.scope,
          expiresInMs: options.expires,
        });
        if (cli.json) {
          cli.printJson({ token });
          return undefined;
        }
        cli.note(
          `token ${token.id} may ${token.scopes.join(', ')}, until ${momentText(token.expiresAt)}; it is shown once:`,
        );
        cli.print(token.token);
        return undefined;
      }),
    );
}
