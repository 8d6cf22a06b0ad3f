/** `overspan leave`: leaves a network. */
import type { Command } from 'commander';

import { apiError } from '../../api/errors.ts';
import { formatU64 } from '../../base/ids.ts';
import type { Act } from '../context.ts';
import { networkArgument } from '../network-argument.ts';
import { connectService } from '../service.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const id = networkArgument(word);
      const client = await connectService(cli);
      const wasJoined = await client.leave(id);
      const network = formatU64(id);
      if (!wasJoined)
        throw apiError('NETWORK_NOT_JOINED', `this node is not in network ${network}`, {
          remedy: 'see: overspan network list',
          details: { network },
        });
      if (cli.json) cli.printJson({ network, left: true });
      else cli.print(`left ${network}`);
      return undefined;
    }),
  );
}
