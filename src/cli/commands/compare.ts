/** `overspan compare` */
import { join } from 'node:path';

import type { Command } from 'commander';

import { nsPerS } from '../../base/clock.ts';
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
import { progressLine } from '../progress.ts';
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
    .addHelpText('after', '\nThe first path is what the others are compared with.')
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
  const line = await progressLine(cli);
  const startedNs = systemClock.nowNs();
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
    recordFile: (runId) => options.record ?? join('overspan-runs', `${runId}.ndjson`),
    requested: recordedSettings({ paths: words, ...options }),
    clock: systemClock,
    signal: cli.signal,
    onProgress: ({ phase, round, rounds, path, visit, visitsDone, visitsPlanned }) => {
      const what = phase === 'measurement' ? path : `${phase} (${path})`;
      const lastNs = visit?.lastLatencyNs ?? null;
      const latency = lastNs === null ? '' : ` · ${Math.round(lastNs / 1000)} µs`;
      const elapsedNs = systemClock.nowNs() - startedNs;
      const left =
        visitsDone < 2
          ? ''
          : ` · ${Math.ceil((elapsedNs / visitsDone) * ((visitsPlanned - visitsDone) / nsPerS))} s left`;
      line.show(`round ${round + 1}/${rounds} · ${what}${latency}${left}`);
    },
  }).finally(() => {
    line.clear();
  });
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
