/** `overspan network list`: the networks joined and, where a controller runs, those it owns. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import { addressText } from '../../address-text.ts';
import type { Act } from '../../context.ts';
import { connectService } from '../../service.ts';
import { tableLines } from '../../table.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const client = await connectService(cli);
      const [joined, owned] = await Promise.all([client.networks(), client.ownedNetworks()]);
      if (cli.json) {
        cli.printJson({ joined, owned });
        return undefined;
      }
      if (joined.length === 0) cli.print('no network joined');
      else
        printTable(
          'joined',
          ['network', 'name', 'status', 'device', 'addresses'],
          joined.map((network) => [
            network.id,
            nameOf(network.name),
            network.status,
            escapeText(network.portDeviceName) || '–',
            addressText(network.assignedAddresses) || '–',
          ]),
        );
      if (owned === null || owned.length === 0) return undefined;
      cli.print('');
      printTable(
        'owned',
        ['network', 'name', 'access', 'routes'],
        owned.map((network) => [
          network.id,
          nameOf(network.name),
          network.private ? 'private' : 'public',
          network.routes.map(({ target }) => target).join(', ') || '–',
        ]),
      );
      return undefined;

      function printTable(title: string, head: string[], rows: string[][]): void {
        cli.print(title);
        for (const line of tableLines(head, rows)) cli.print(`  ${line}`);
      }
    }),
  );
}

function nameOf(name: string): string {
  return name === '' ? '–' : escapeText(name);
}
