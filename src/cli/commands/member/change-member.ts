/** What `overspan member authorize`, `deauthorize`, `ban` and `unban` have in common. */
import type { Command } from 'commander';

import type { MemberView } from '../../../api/backend/index.ts';
import { exitCodes } from '../../../base/errors.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

/** How a member is after each. */
const outcomes = {
  authorize: 'is authorised',
  deauthorize: 'is no longer authorised',
  ban: 'is banned',
  unban: 'is not banned',
} as const;

/** Adds the arguments and the action of a command that lets members in, or puts them out. */
export function defineStanding(command: Command, act: Act, word: keyof typeof outcomes): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<members...>', 'addresses of nodes, 10 hexadecimal digits each')
    .action(
      act(async (cli, networkWord: string, addressWords: string[]) => {
        const id = networkArgument(networkWord);
        const addresses = [...new Set(addressWords.map(addressArgument))];
        const backend = await connectBackend(cli);
        const members: MemberView[] = [];
        const onMember = (member: MemberView): void => {
          members.push(member);
          if (cli.json) return;
          cli.print(`${member.address} ${outcomes[word]} on ${member.network}`);
        };
        try {
          // To let in or to ban who has not asked yet is useful; to put them out, or to lift their ban, is a typing error.
          await backend[word](id, addresses, onMember);
        } catch (error) {
          if (!cli.signal.aborted) throw error;
          cli.note(`stopped after ${members.length} of ${addresses.length}`);
          if (cli.json) cli.printJson({ members });
          return exitCodes.interrupted;
        }
        if (cli.json) cli.printJson({ members });
        return undefined;
      }),
    );
}
