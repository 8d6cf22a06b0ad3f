/** `overspan compare` */
import { join } from 'node:path';

import type { Command } from 'commander';

import { systemClock } from '../../sys/clock.ts';
import {
  addClientOptions,
  defaultPort,
  recordedSettings,
  type ClientOptions,
} from '../client-options.ts';
import type { Act, CliContext } from '../context.ts';
import type { ExitCode } from '../../base/errors.ts';
import { optionError } from '../options.ts';
import { addPlanOptions, type PlanOptions } from '../plan-options.ts';
import { stopSignal } from '../input-end.ts';
import { runReporter } from '../run-progress.ts';
import { finish } from '../run-result.ts';

interface Options extends ClientOptions, PlanOptions {
  readonly calibrate: boolean;
  readonly pathNote: readonly string[];
}

export function define(command: Command, act: Act): void {
  command.argument(
    '<label=host[:port]...>',
    'two or more paths to the same server, each with a name',
  );
  addClientOptions(addPlanOptions(command, 60))
    .option('--no-calibrate', "do not measure the harness's own floor first")
    .option('-o, --report <file>', 'write an HTML report too')
    .addOption(
      command
        .createOption('--path-note <label=text>', 'what a path is made of, for the record')
        .argParser((value: string, previous: readonly string[]) => [...previous, value])
        .default([])
        .hideHelp(),
    )
    .addHelpText(
      'after',
      '\nThe first path is what the others are compared with. It is stopped with SIGINT or SIGTERM, and keeps what it has.\n' +
        'With --progress ndjson each line has event ("progress"), phase, round (from 0) of rounds, path, visitsDone of\n' +
        'visitsPlanned, lastLatencyNs and leftNs, which may be null; the record grows by a line with every visit.',
    )
    .action(act(run));
}

async function run(
  cli: CliContext,
  words: string[],
  options: Options,
): Promise<ExitCode | undefined> {
  const { compare, loadRecord, parsePaths } = await import('../../harness/campaign/index.ts');
  const { resolveClientTls } = await import('../../harness/probe/index.ts');
  const paths = parsePaths(words, defaultPort);
  const { tls, notes } = await resolveClientTls(options, paths, {
    home: cli.home,
    clock: systemClock,
  });
  for (const note of notes) cli.note(note);
  const reporter = await runReporter(cli, options.progress, systemClock);
  const result = await compare({
    paths,
    descriptions: new Map(options.pathNote.map(splitNote)),
    tls,
    rounds: options.rounds,
    requestsPerVisit: options.requests ?? null,
    budgetNs: options.time,
    intervalNs: options.interval,
    requestBytes: options.size,
    replyBytes: options.replySize ?? options.size,
    timeoutNs: options.timeout,
    nagle: options.nagle === true,
    busyPoll: options.busyPoll === true,
    seed: options.seed ?? null,
    calibrate: options.calibrate,
    runId: options.runName ?? null,
    recordFile: (runId) => options.record ?? join('overspan-runs', `${runId}.ndjson`),
    requested: recordedSettings({ paths: words, ...options }),
    clock: systemClock,
    signal: stopSignal(cli, options),
    onProgress: reporter.onProgress,
  }).finally(reporter.clear);
  const record = await loadRecord(result.recordFile);
  return finish(cli, record, result, {
    recordFile: result.recordFile,
    reportFile: options.report ?? null,
  });
}

function splitNote(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw optionError('--path-note', text, 'label=text', 'overlay="vxlan over eth0"');
  return [text.slice(0, equals), text.slice(equals + 1)];
}
