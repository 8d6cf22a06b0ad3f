/** `overspan member list`: who has asked to join a network of ours, who may, and what is known of each. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { heardText, listed, softwareText } from '../../network-text.ts';
import { connectBackend } from '../../service.ts';
import { tableLines } from '../../table.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<network>', '16 hexadecimal digits').action(
    act(async (cli, word: string) => {
      const id = networkArgument(word);
      const backend = await connectBackend(cli);
      const members = await backend.members(id);
      const nowMs = systemClock.wallMs();
      if (cli.json) cli.printJson({ members });
      else if (members.length === 0) cli.print('nobody has asked to join yet');
      else
        for (const line of tableLines(
          ['address', 'name', 'state', 'addresses', 'runs', 'last heard'],
          members.map((member) => [
            member.address,
            escapeText(member.name, 40) || '–',
            member.isBanned ? `${member.state}, banned` : member.state,
            listed(member.ipAssignments.map((ip) => escapeText(ip))),
            softwareText(member.software),
            heardText(member, nowMs),
          ]),
        ))
          cli.print(line);
      return undefined;
    }),
  );
}
