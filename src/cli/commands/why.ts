/** `overspan why`: why a member does not work, as far as the controller here can tell. */
import { writeFile } from 'node:fs/promises';

import type { Command } from 'commander';

import type { ClientV1 } from '../../api/client-v1.ts';
import { apiError } from '../../api/errors.ts';
import { formatAddress, parseNetworkId, type Address, type NetworkId } from '../../base/ids.ts';
import { systemClock } from '../../sys/clock.ts';
import { overspanVersion } from '../../sys/version.ts';
import type { Act } from '../context.ts';
import { diagnose } from '../diagnosis.ts';
import { addressArgument, networkArgument } from '../network-argument.ts';
import { redactedJson } from '../redact.ts';
import { connectManagement, connectService } from '../service.ts';

interface Options {
  readonly bundle?: string;
}

/** Adds the arguments, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network-or-member>', '16 or 10 hexadecimal digits')
    .argument('[member]', '10 hexadecimal digits')
    .option('--bundle <file>', 'write what is known into a file, without addresses and keys')
    .action(
      act(async (cli, first: string, second: string | undefined, options: Options) => {
        const client = await connectManagement(cli);
        const service = await connectService(cli);
        const [id, address] =
          second === undefined
            ? await networkOf(client, addressArgument(first))
            : [networkArgument(first), addressArgument(second)];
        const [network, members, status] = await Promise.all([
          client.network(id),
          client.members(id),
          service.status(),
        ]);
        const text = formatAddress(address);
        const member = members.find((each) => each.address === text);
        if (member === undefined) throw neverAsked(text, network.id);
        const others = members.filter((each) => each !== member);
        const diagnosis = diagnose({
          nowMs: systemClock.wallMs(),
          isOnline: status.online,
          member,
          othersOk: others.filter(({ state }) => state === 'ok').length,
          othersClockSkewMs: others.flatMap(({ path }) => path.clockSkewMs ?? []),
          network: network.id,
          mtu: network.mtu,
        });
        const { bundle } = options;
        if (bundle !== undefined) {
          const peers = (await service.peers()).filter((peer) => peer.address === text);
          const facts = { overspan: overspanVersion(), diagnosis, network, member, status, peers };
          await writeFile(bundle, `${redactedJson(facts)}\n`, { mode: 0o600 });
          cli.note(`what is known is in ${bundle}, without addresses and keys`);
        }
        if (cli.json) {
          cli.printJson({ diagnosis });
          return undefined;
        }
        for (const step of diagnosis.because) cli.note(`  ${step}`);
        cli.print(`${diagnosis.sentence} (${diagnosis.confidence})`);
        cli.print(`next: ${diagnosis.next}`);
        return undefined;
      }),
    );
}

/** The network that a member is in. @throws MEMBER_UNKNOWN */
async function networkOf(client: ClientV1, address: Address): Promise<[NetworkId, Address]> {
  const text = formatAddress(address);
  for (const { id } of await client.networks()) {
    const networkId = parseNetworkId(id);
    if (networkId === null) continue;
    const members = await client.members(networkId);
    if (members.some((member) => member.address === text)) return [networkId, address];
  }
  throw neverAsked(text, 'any network here');
}

function neverAsked(address: string, network: string): Error {
  return apiError('MEMBER_UNKNOWN', `${address} has never asked to join ${network}`, {
    remedy:
      'on the node: overspan join NETWORK; overspan info: is it online, on the same planet as the controller?',
    details: { member: address },
  });
}
