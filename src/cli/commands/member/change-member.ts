/** What `overspan member authorize` and `deauthorize` have in common. */
import type { Command } from 'commander';

import type { MemberView } from '../../../api/backend/index.ts';
import { exitCodes } from '../../../base/errors.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

/** Adds the arguments and the action of a command that lets members in, or puts them out. */
export function defineAuthorization(command: Command, act: Act, authorized: boolean): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<members...>', 'addresses of nodes, 10 hexadecimal digits each')
    .action(
      act(async (cli, word: string, addressWords: string[]) => {
        const id = networkArgument(word);
        const addresses = [...new Set(addressWords.map(addressArgument))];
        const backend = await connectBackend(cli);
        const members: MemberView[] = [];
        const onMember = (member: MemberView): void => {
          members.push(member);
          if (cli.json) return;
          const how = authorized ? 'is authorised' : 'is no longer authorised';
          cli.print(`${member.address} ${how} on ${member.network}`);
        };
        try {
          // To let somebody in who has not asked yet is useful; to put them out is a typing error.
          await (authorized
            ? backend.authorize(id, addresses, onMember)
            : backend.deauthorize(id, addresses, onMember));
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
