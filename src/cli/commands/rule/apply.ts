/** `overspan rule apply`: gives a network the rules of a file; refused where one of their tests fails. */
import type { Command } from 'commander';

import { rulesFor } from '../../../api/rules-text.ts';
import { checkedSource } from '../../../rules/index.ts';
import type { Act } from '../../context.ts';
import { networkArgument } from '../../network-argument.ts';
import { connectBackend } from '../../service.ts';
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
        const { rules, tests } = checkedSource(source);
        const backend = await connectBackend(cli);
        await backend.setRules(id, rulesFor(backend.kind, { source, json: null }, false));
        const [ruleCount, testCount] = [rules.length, tests.length];
        if (cli.json) cli.printJson({ rules: { source, ruleCount, testCount } });
        else
          cli.print(
            `${word.toLowerCase()} has ${ruleCount} rules now; ${testCount} expectations hold`,
          );
        return undefined;
      }),
    );
}
