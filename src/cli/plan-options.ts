/** The options of every command that compares paths in rounds. */
import { Option, type Command } from 'commander';

import { inputEndOption, type InputEndOptions } from './input-end.ts';
import { integer, secondsOption } from './options.ts';
import { progressForms, type ProgressForm } from './run-progress.ts';

export interface PlanOptions extends InputEndOptions {
  readonly rounds: number;
  readonly requests?: number;
  /** ns */
  readonly time: number;
  readonly seed?: string;
  readonly record?: string;
  readonly report?: string;
  readonly progress: ProgressForm;
  readonly runName?: string;
}

/** Adds them. */
export function addPlanOptions(command: Command, defaultSeconds: number): Command {
  return command
    .option(
      '--rounds <count>',
      'how often every path is visited',
      integer('--rounds', 1, 10_000, '40'),
      40,
    )
    .option(
      '-n, --requests <count>',
      'requests of a visit (default: as many as --time allows)',
      integer('--requests', 1, 1_000_000, '500'),
    )
    .addOption(
      secondsOption(
        '-t, --time <seconds>',
        'how long the rounds may take together',
        defaultSeconds,
        0.1,
      ),
    )
    .option('--seed <text>', 'of the order of the visits (default: drawn and recorded)')
    .option('--record <file>', 'where the record goes (default: overspan-runs/…)')
    .addOption(
      new Option(
        '--progress <form>',
        'on standard error: one line for a terminal, or a line of JSON up to four times a second',
      )
        .choices(progressForms)
        .default('line'),
    )
    .addOption(new Option('--run-name <name>', 'of the run, in its record').hideHelp())
    .addOption(inputEndOption());
}
