/** `overspan network set`: changes settings of a network; what is not named stays. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { networkArgument } from '../../network-argument.ts';
import {
  addNetworkChangeOptions,
  networkChange,
  type NetworkChangeOptions,
} from '../../network-options.ts';
import { networkLines } from '../../network-text.ts';
import { connectBackend } from '../../service.ts';

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  addNetworkChangeOptions(command.argument('<network>', '16 hexadecimal digits')).action(
    act(async (cli, word: string, options: NetworkChangeOptions) => {
      const id = networkArgument(word);
      // What is wrong is said before anybody is asked.
      networkChange(options, { routes: [], pools: [] });
      const backend = await connectBackend(cli);
      const change = networkChange(options, await backend.network(id));
      if (Object.keys(change).length === 0)
        throw cliError('OPTION_INVALID', 'nothing is to be changed', {
          remedy: 'name what to set: overspan network set --help',
        });
      const network = await backend.changeNetwork(id, change);
      if (cli.json) cli.printJson({ network });
      else for (const line of networkLines(network)) cli.print(line);
      return undefined;
    }),
  );
}
