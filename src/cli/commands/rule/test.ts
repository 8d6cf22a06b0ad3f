/** `overspan rule test FILE`: whether rules do what the `expect` lines beside them say. */
import type { Command } from 'commander';

import { exitCodes } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import {
  compiledSource,
  explanationLines,
  runTests,
  type TestResult,
} from '../../../rules/index.ts';
import type { Act, CliContext } from '../../context.ts';
import { readRulesFile, sourceArgument } from './source-file.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<file>', sourceArgument)
    .addHelpText(
      'after',
      '\nExits with 1 where an expectation does not hold, and shows what happens instead; with -v for those that hold, too.',
    )
    .action(
      act(async (cli, file: string) => {
        const results = runTests(compiledSource(await readRulesFile(file)));
        const failed = results.filter(({ isPassed }) => !isPassed);
        if (cli.json)
          cli.printJson({
            tests: results.map(({ test, isPassed, explain }) => ({
              line: test.line,
              text: test.text,
              passed: isPassed,
              explanation: isPassed && !cli.verbose ? null : explain(),
            })),
          });
        else for (const result of results) print(cli, result);
        cli.note(`${results.length - failed.length} of ${results.length} expectations hold`);
        return failed.length === 0 ? exitCodes.done : exitCodes.failed;
      }),
    );
}

function print(cli: CliContext, { test, isPassed, explain }: TestResult): void {
  cli.print(`${isPassed ? 'ok  ' : 'FAIL'}  line ${test.line}: ${escapeText(test.text)}`);
  if (isPassed && !cli.verbose) return;
  for (const line of explanationLines(explain(), { isLong: true })) cli.print(`      ${line}`);
}
