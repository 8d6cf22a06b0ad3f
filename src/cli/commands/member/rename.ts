/** `overspan member rename`: what people call a member; its node does not see it. */
import type { Command } from 'commander';

import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';

interface Options {
  readonly description?: string;
}

/** Adds the arguments, the option and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<member>', '10 hexadecimal digits')
    .argument('<name>', "'' for none")
    .option('--description <text>', 'what it is')
    .action(
      act(async (cli, word: string, memberWord: string, name: string, options: Options) => {
        const id = networkArgument(word);
        const address = addressArgument(memberWord);
        const { description } = options;
        const backend = await connectBackend(cli);
        // One that is not known is a typing error.
        await backend.member(id, address);
        const member = await backend.changeMember(id, address, {
          name,
          ...(description === undefined ? {} : { description }),
        });
        if (cli.json) cli.printJson({ member });
        else cli.print(`${member.address} is "${escapeText(member.name)}" on ${member.network}`);
        return undefined;
      }),
    );
}
