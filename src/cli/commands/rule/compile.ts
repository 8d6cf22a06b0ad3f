/** `overspan rule compile FILE`: what rules come to, as a controller takes them. */
import type { Command } from 'commander';

import { compiledSource, decompile, formatProblem, ruleSetToJson } from '../../../rules/index.ts';
import type { Act } from '../../context.ts';
import { readRulesFile, sourceArgument } from './source-file.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<file>', sourceArgument)
    .addHelpText(
      'after',
      `
Prints a summary and the rules in canonical form; with --json what the API takes as rules, capabilities and tags of a
network. Tests in the file are not run: overspan rule test. The language: docs/rules.md.`,
    )
    .action(
      act(async (cli, file: string) => {
        const compiled = compiledSource(await readRulesFile(file));
        for (const warning of compiled.warnings) cli.note(`warning: ${formatProblem(warning)}`);
        if (cli.json) {
          cli.printJson(ruleSetToJson(compiled));
          return undefined;
        }
        const { rules, capabilities, tags, tests } = compiled;
        cli.note(
          [
            `${rules.length} of 1024 rules`,
            `${capabilities.length} capabilities`,
            `${tags.length} tags`,
            `${tests.length} tests`,
          ].join(', '),
        );
        cli.print(decompile(compiled).trimEnd());
        return undefined;
      }),
    );
}
