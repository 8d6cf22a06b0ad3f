/** `overspan rule decompile FILE`: the rules that a controller has, as a person writes them. */
import type { Command } from 'commander';

import { apiError } from '../../../api/errors.ts';
import { errorMessage } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { decompile, ruleSetFromJson } from '../../../rules/index.ts';
import type { Act } from '../../context.ts';
import { readRulesFile } from './source-file.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<file>', 'a file with JSON; - is standard input')
    .addHelpText(
      'after',
      `
Takes a list of rules, a network as a controller shows it, or one of ZeroTier Central. Names of tags and capabilities are
kept where the JSON has them.`,
    )
    .action(
      act(async (cli, file: string) => {
        const { ruleSet, problems } = ruleSetFromJson(parse(await readRulesFile(file)));
        if (problems.length > 0)
          throw apiError('RULES_JSON_INVALID', problems.slice(0, 5).join('; '), {
            remedy: 'mend the JSON; docs/rules.md says what can be read',
            details: { problems },
          });
        const source = decompile(ruleSet);
        if (cli.json) cli.printJson({ source });
        else cli.print(source.trimEnd());
        return undefined;
      }),
    );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw apiError('RULES_JSON_INVALID', `this is no JSON: ${escapeText(errorMessage(error))}`, {
      remedy: 'rules in the language need not be decompiled; overspan rule compile reads them',
      cause: error,
    });
  }
}
