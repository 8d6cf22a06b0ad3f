/** What `overspan member authorize` and `deauthorize` have in common. */
import type { Command } from 'commander';

import type { ApiClient } from '../../../api/client.ts';
import { apiError } from '../../../api/errors.ts';
import { formatAddress, formatU64, type NetworkId } from '../../../base/ids.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectService } from '../../service.ts';

/** Adds the arguments and the action of a command that lets members in, or puts them out. */
export function defineAuthorization(command: Command, act: Act, authorized: boolean): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<members...>', 'addresses of nodes, 10 hexadecimal digits each')
    .action(
      act(async (cli, word: string, addressWords: string[]) => {
        const id = networkArgument(word);
        const addresses = addressWords.map(addressArgument);
        const client = await connectService(cli);
        const members = [];
        for (const address of addresses) {
          // To let somebody in who has not asked yet is useful; to put them out is a typing error.
          if (!authorized) await expectKnown(client, id, address);
          const member = await client.changeMember(id, address, { authorized });
          if (member === null) throw await notOwned(client, id);
          members.push(member);
        }
        if (cli.json) cli.printJson({ members });
        else
          for (const member of members)
            cli.print(
              authorized
                ? `${member.id} is authorised on ${formatU64(id)}`
                : `${member.id} is no longer authorised on ${formatU64(id)}`,
            );
        return undefined;
      }),
    );
}

async function expectKnown(
  client: ApiClient,
  id: NetworkId,
  address: ReturnType<typeof addressArgument>,
): Promise<void> {
  if ((await client.ownedNetwork(id)) === null) throw await notOwned(client, id);
  if ((await client.member(id, address)) !== null) return;
  const name = formatAddress(address);
  throw apiError('MEMBER_UNKNOWN', `network ${formatU64(id)} has no member ${name}`, {
    remedy: `see: overspan member list ${formatU64(id)}`,
    details: { network: formatU64(id), member: name },
  });
}

/** The error for a network that is not the daemon's. */
export async function notOwned(client: ApiClient, id: NetworkId): Promise<Error> {
  const network = formatU64(id);
  const details = { network };
  if ((await client.ownedNetworks()) === null)
    return apiError('CONTROLLER_NOT_RUNNING', 'the daemon runs without a controller', {
      remedy:
        'run the command where the controller is, or start it: overspan up, without --no-controller',
      details,
    });
  return apiError('NETWORK_NOT_OWNED', `the controller here has no network ${network}`, {
    remedy: 'see: overspan network list',
    details,
  });
}
