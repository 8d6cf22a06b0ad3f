/** `overspan rule apply`: gives a network the rules of a file; refused where one of their tests fails. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectManagement } from '../../service.ts';
import { readRulesFile, sourceArgument } from './source-file.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<file>', sourceArgument)
    .action(
      act(async (cli, word: string, file: string) => {
        const id = networkArgument(word);
        const source = await readRulesFile(file);
        const client = await connectManagement(cli);
        const rules = await client.setRules(id, source);
        if (cli.json) cli.printJson({ rules });
        else
          cli.print(
            `${word.toLowerCase()} has ${rules.ruleCount} rules now; ${rules.testCount} expectations hold`,
          );
        return undefined;
      }),
    );
}
