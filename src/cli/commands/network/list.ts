/** `overspan network list`: the networks joined and, where the service owns some, those it owns. */
import type { Command } from 'commander';

import type { NetworkView } from '../../../api/backend/index.ts';
import type { NetworkJson } from '../../../api/schema/network.ts';
import { errorCode } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { addressText } from '../../address-text.ts';
import type { Act, CliContext } from '../../context.ts';
import { listed } from '../../network-text.ts';
import { connectBackend, connectService } from '../../service.ts';
import { tableLines } from '../../table.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const { joined, owned } = await networksOf(cli);
      if (cli.json) {
        cli.printJson({ joined, owned });
        return undefined;
      }
      if (joined !== null) printJoined(cli, joined);
      // A node that owns none is most nodes: nothing is said of it.
      if (owned === null || (joined !== null && owned.length === 0)) return undefined;
      if (joined !== null) cli.print('');
      if (owned.length === 0) cli.print('no network owned: overspan network create');
      else
        printTable(
          cli,
          'owned',
          ['network', 'name', 'members', 'access', 'routes'],
          owned.map((network) => [
            network.id,
            nameOf(network.name),
            network.memberCount === null ? '–' : String(network.memberCount),
            network.isPrivate ? 'private' : 'public',
            listed(network.routes.map(({ target }) => escapeText(target))),
          ]),
        );
      return undefined;
    }),
  );
}

/** Null: the service is no node, or has no controller. */
async function networksOf(
  cli: CliContext,
): Promise<{ joined: NetworkJson[] | null; owned: NetworkView[] | null }> {
  const backend = await connectBackend(cli);
  const [joined, owned] = await Promise.all([
    backend.kind === 'central' ? null : connectService(cli).then((client) => client.networks()),
    backend.networks().catch((error: unknown) => {
      if (errorCode(error) === 'CONTROLLER_NOT_RUNNING') return null;
      throw error;
    }),
  ]);
  return { joined, owned };
}

function printJoined(cli: CliContext, joined: readonly NetworkJson[]): void {
  if (joined.length === 0) cli.print('no network joined');
  else
    printTable(
      cli,
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
}

function printTable(cli: CliContext, title: string, head: string[], rows: string[][]): void {
  cli.print(title);
  for (const line of tableLines(head, rows)) cli.print(`  ${line}`);
}

function nameOf(name: string): string {
  return name === '' ? '–' : escapeText(name);
}
