/** `overspan characterize` */
import { join } from 'node:path';

import type { Command } from 'commander';

import type { RunEngineEvent } from '../../api/schema/run.ts';
import { errorCode, OverspanError, type ExitCode } from '../../base/errors.ts';
import { systemClock } from '../../sys/clock.ts';
import type { Act, CliContext } from '../context.ts';
import { allEngines, engineNames } from '../engine-argument.ts';
import { stopSignal } from '../input-end.ts';
import { integer } from '../options.ts';
import { addPlanOptions, type PlanOptions } from '../plan-options.ts';

interface Options extends PlanOptions {
  readonly engine: string;
  readonly rootless?: boolean;
  readonly size: number;
  readonly respond?: string;
}

export function define(command: Command, act: Act): void {
  command
    .option(
      '--engine <names>',
      `overlays to compare, the first is what the others are compared with; ${allEngines}`,
      'direct,vxlan',
    )
    .option('--rootless', 'make the lab in a user namespace, also as root')
    .option(
      '--size <bytes>',
      'payload of a request, and of its reply',
      integer('--size', 0, 65_536, '64'),
      64,
    )
    .option('--respond <file.mjs>', "compute the server's answers");
  addPlanOptions(command, 30)
    .option('-o, --report <file>', 'where the HTML report goes (default: beside the record)')
    .addHelpText(
      'after',
      '\nWith --progress ndjson the lines are those of compare; before them there is one with event ("engine") and name for\n' +
        'each overlay that is brought up.',
    )
    .action(act(characterize));
}

async function characterize(cli: CliContext, options: Options): Promise<ExitCode | undefined> {
  const { withLab } = await import('../../harness/lab/index.ts');
  const { enginesNamed } = await import('../../harness/engine/index.ts');
  const { compareInLab, compareOverLoopback, runName } =
    await import('../../harness/campaign/index.ts');
  const name = join('overspan-runs', runName('characterize', systemClock.wallMs()));
  const recordFile = options.record ?? `${name}.ndjson`;
  const reportFile = options.report ?? recordFile.replace(/(\.ndjson)?$/, '.html');
  const compareWords = [
    '--rounds',
    String(options.rounds),
    '--time',
    String(options.time / 1e9),
    '--size',
    String(options.size),
    '--record',
    recordFile,
    '--report',
    reportFile,
    ...(options.requests === undefined ? [] : ['--requests', String(options.requests)]),
    ...(options.seed === undefined ? [] : ['--seed', options.seed]),
    ...(options.runName === undefined ? [] : ['--run-name', options.runName]),
    ...(options.progress === 'line' ? [] : ['--progress', options.progress]),
    ...(cli.json ? ['--json'] : []),
    ...(cli.quiet ? ['--quiet'] : []),
  ];
  const serverWords = options.respond === undefined ? [] : ['--respond', options.respond];
  const onStep = (what: string): void => {
    if (cli.verbose) cli.note(what);
  };
  const signal = stopSignal(cli, options);
  const work = { compareWords, serverWords, signal, onStep };
  const wanted = enginesNamed(await engineNames(cli, options.engine));
  try {
    return await withLab(
      {
        home: cli.home,
        engines: [],
        ...(options.rootless === undefined ? {} : { rootless: options.rootless }),
        signal,
        onStep,
        onTell: (engine, line) => {
          cli.note(`  ${engine}: ${line}`);
        },
      },
      async (lab) => {
        cli.note(`lab ${lab.id} (${lab.kind}): host a and host b in network namespaces`);
        for (const engine of wanted) {
          if (options.progress === 'ndjson') tell({ event: 'engine', name: engine.name });
          const { path } = await lab.raise(engine);
          cli.note(`  ${engine.name}: ${path.description}`);
        }
        return (await compareInLab(lab, work)) as ExitCode;
      },
    );
  } catch (error) {
    if (errorCode(error) !== 'LAB_NAMESPACES_REFUSED' || !(error instanceof OverspanError))
      throw error;
    cli.note(`${error.code}: ${error.message}\nremedy: ${error.remedy}`);
    cli.note("without a lab, only this machine's loopback can be measured: two names for one path");
    return (await compareOverLoopback(work)) as ExitCode;
  }
}

function tell(event: RunEngineEvent): void {
  process.stderr.write(`${JSON.stringify(event)}\n`);
}
