/** `overspan member list`: who has asked to join a network of ours, and who may. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectService } from '../../service.ts';
import { tableLines } from '../../table.ts';
import { notOwned } from './change-member.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const id = networkArgument(word);
      const client = await connectService(cli);
      const members = await client.members(id);
      if (members === null) throw await notOwned(client, id);
      if (cli.json) cli.printJson({ members });
      else if (members.length === 0) cli.print('nobody has asked to join yet');
      else
        for (const line of tableLines(
          ['address', 'authorised', 'addresses'],
          members.map(({ id: address, authorized, ipAssignments }) => [
            address,
            authorized ? 'yes' : 'no',
            ipAssignments.map((ip) => escapeText(ip)).join(', ') || '–',
          ]),
        ))
          cli.print(line);
      return undefined;
    }),
  );
}
