/** `overspan info`: who this node is and whether it is online. */
import type { Command } from 'commander';

import type { Act } from '../context.ts';
import { connectService } from '../service.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const client = await connectService(cli);
      const status = await client.status();
      if (cli.json) {
        cli.printJson(status);
        return undefined;
      }
      const { address, online, version, config, planetWorldId, planetWorldTimestamp } = status;
      const { listeningOn = [], surfaceAddresses = [], primaryPort } = config.settings;
      cli.print(`${address}  ${online ? 'online' : 'offline'}  version ${version}`);
      cli.print(`  listens on   ${listeningOn.join(' ') || `port ${primaryPort}`}`);
      cli.print(`  seen as      ${surfaceAddresses.join(' ') || 'nothing yet'}`);
      cli.print(`  planet       ${planetWorldId}, revision ${planetWorldTimestamp}`);
      return undefined;
    }),
  );
}
