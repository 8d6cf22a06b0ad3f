/** `overspan member assign`: the addresses of a member, in place of those it has. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { familyOf } from '../../network-options.ts';
import { listed } from '../../network-text.ts';
import { connectBackend } from '../../service.ts';

interface Options {
  readonly none?: true;
  readonly auto?: boolean;
}

/** Adds the arguments, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<member>', '10 hexadecimal digits')
    .argument('[addresses...]', 'IPv4 or IPv6, each within a route of the network')
    .option('--none', 'it has none of its own; it gets one out of the pool where there is one')
    .option('--auto', 'it also gets addresses out of the pools of the network')
    .option('--no-auto', 'it gets no others')
    .action(
      act(async (cli, word: string, memberWord: string, addresses: string[], options: Options) => {
        const id = networkArgument(word);
        const address = addressArgument(memberWord);
        checkAddresses(addresses, options);
        const backend = await connectBackend(cli);
        await backend.member(id, address);
        const { auto } = options;
        const member = await backend.changeMember(id, address, {
          ...(addresses.length > 0 || options.none === true ? { ipAssignments: addresses } : {}),
          ...(auto === undefined ? {} : { noAutoAssignIps: !auto }),
        });
        if (cli.json) {
          cli.printJson({ member });
          return undefined;
        }
        const shown = listed(member.ipAssignments.map((ip) => escapeText(ip)));
        cli.print(`${member.address} has ${shown} on ${member.network}`);
        return undefined;
      }),
    );
}

function checkAddresses(addresses: readonly string[], { none, auto }: Options): void {
  const wrong = addresses.find((each) => familyOf(each) === null);
  const remedy = 'for example: overspan member assign NETWORK MEMBER 10.147.17.5, or --none';
  if (wrong !== undefined)
    throw cliError('OPTION_INVALID', `"${escapeText(wrong)}" is no IP address`, { remedy });
  if (addresses.length > 0 === (none === true) && (none === true || auto === undefined))
    throw cliError('OPTION_INVALID', 'name addresses, or --none', { remedy });
}
