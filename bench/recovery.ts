/**
 * How long nodes take to recover: real processes in network namespaces, ours and, where there is a `zerotier-one`, the
 * official ones, each kind on hosts of its own, in turns. Every time runs from before an event is made to what ends it,
 * on the one monotonic clock of the machine; a pings b every 10 ms.
 *
 * `npm run bench recovery -- [--quick] [--event NAME …] [--runs N] [--slow-runs N] [--keep DIRECTORY]`
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { errorMessage } from '../src/base/errors.ts';
import { Prng } from '../src/base/prng.ts';
import { tableLines } from '../src/cli/table.ts';
import { quantileInterval } from '../src/harness/stats/quantile-interval.ts';
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import { tapRefusal } from '../test/tap-access.ts';
import type { Figure } from './recovery/event.ts';
import { events } from './recovery/events/index.ts';
import { idleRatioMax, measureIdle } from './recovery/idle.ts';
import { officialKind, overspanKind, type NodeKind } from './recovery/kinds.ts';
import { Subject } from './recovery/subject.ts';

const idleName = 'idle-traffic';
const names = [...events.map(({ name }) => name), idleName];

interface Settings {
  readonly chosen: readonly string[];
  readonly runs: number;
  /** Runs of what takes the reference minutes. */
  readonly slowRuns: number;
  /** Where logs of nodes and captures of the bridges are left. */
  readonly keep: string | undefined;
}

/** One line of the table: by kind what was measured, in the unit of the line. */
interface Row {
  readonly what: string;
  readonly target: string;
  readonly samples: ReadonlyMap<NodeKind, readonly number[]>;
  /** Whether the target holds; null: there is none, or it cannot be said. */
  readonly holds: boolean | null;
}

/** Measures and prints. @returns whether the medians of ours meet the targets, and everything could be measured */
export async function run(words: readonly string[]): Promise<boolean> {
  const settings = settingsOf(words);
  if (tapRefusal !== null) {
    console.log(`not measured: ${tapRefusal}`);
    return false;
  }
  const official = officialKind();
  if (official === null)
    console.log('no zerotier-one beside ours: put one on the PATH, or name it in ZEROTIER_ONE');
  const kinds = [overspanKind, ...(official === null ? [] : [official])];
  const prng = new Prng(`recovery ${Date.now()}`);
  const subjects = kinds.map((kind) => new Subject(kind, prng));
  const { keep, chosen } = settings;
  try {
    for (const subject of subjects)
      await subject.raise(keep === undefined ? undefined : join(keep, `${subject.kind.name}.pcap`));
    const { rows, failures } = await measure(subjects, settings, prng);
    if (chosen.includes(idleName)) {
      say(`${idleName}: ${settings.runs / 2} minutes`);
      rows.push(idleRow(await measureIdle(subjects, Math.ceil(settings.runs / 2))));
    }
    print(kinds, rows);
    for (const failure of failures) console.log(`not measured: ${failure}`);
    return failures.length === 0 && rows.every(({ holds }) => holds !== false);
  } finally {
    if (keep !== undefined) for (const subject of subjects) keepNodes(subject, keep);
    for (const subject of subjects) await subject.close();
  }
}

function settingsOf(words: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean' },
      event: { type: 'string', multiple: true },
      runs: { type: 'string' },
      'slow-runs': { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const { event: chosen = names, keep } = values;
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`no event "${unknown}"; there are: ${names.join(', ')}`);
  const runs = Number(values.runs ?? (values.quick === true ? 3 : 20));
  const slowRuns = Number(values['slow-runs'] ?? (values.quick === true ? 1 : 3));
  if (!(runs >= 1 && slowRuns >= 0)) throw new Error('--runs and --slow-runs are numbers');
  if (keep !== undefined) mkdirSync(keep, { recursive: true });
  return { chosen, runs, slowRuns, keep };
}

/** Runs the events, the subjects in turns. */
async function measure(
  subjects: readonly Subject[],
  { chosen, runs, slowRuns }: Settings,
  prng: Prng,
): Promise<{ rows: Row[]; failures: string[] }> {
  const samples = new Map<Figure, Map<NodeKind, number[]>>();
  const failures: string[] = [];
  const wanted = events.filter(({ name }) => chosen.includes(name));
  for (let round = 0; round < runs; round++)
    for (const subject of prng.shuffled(subjects))
      for (const event of wanted) {
        const { kind } = subject;
        if (kind.isReference && event.isSlowOfReference && !isSlowRound(round, runs, slowRuns))
          continue;
        const title = `${round + 1}/${runs} ${kind.name} ${event.name}`;
        try {
          const seconds = await event.run(subject);
          say(`${title}: ${seconds.map((value) => value.toFixed(3)).join(' ')}`);
          for (const [i, figure] of event.figures.entries()) {
            const ofFigure = samples.get(figure) ?? new Map<NodeKind, number[]>();
            samples.set(figure, ofFigure);
            ofFigure.set(kind, [...(ofFigure.get(kind) ?? []), seconds[i] ?? Number.NaN]);
          }
        } catch (error) {
          failures.push(`${title}: ${errorMessage(error)}`);
          say(failures.at(-1) ?? '');
        }
      }
  return { rows: [...samples].map(([figure, found]) => rowOf(figure, found)), failures };
}

/** The rounds, evenly spread, in which the reference goes through what takes it minutes. */
function isSlowRound(round: number, runs: number, slowRuns: number): boolean {
  return Math.floor((round * slowRuns) / runs) !== Math.floor(((round + 1) * slowRuns) / runs);
}

function rowOf(figure: Figure, samples: ReadonlyMap<NodeKind, readonly number[]>): Row {
  const { name, targetS } = figure;
  const ours = samples.get(overspanKind);
  const holds = targetS === null || ours === undefined ? null : medianOf(ours) < targetS;
  return { what: name, target: targetS === null ? '' : `< ${targetS} s`, samples, holds };
}

function idleRow(counts: ReadonlyMap<Subject, readonly number[]>): Row {
  const samples = new Map([...counts].map(([{ kind }, values]) => [kind, values]));
  const medians = [...samples].map(([kind, values]) => ({ kind, median: medianOf(values) }));
  const ours = medians.find(({ kind }) => !kind.isReference)?.median;
  const reference = medians.find(({ kind }) => kind.isReference)?.median;
  const isComparable = ours !== undefined && reference !== undefined;
  return {
    what: 'idle: datagrams a minute out of a member',
    target: `≤ ${idleRatioMax} × reference`,
    samples,
    holds: isComparable ? ours <= idleRatioMax * reference : null,
  };
}

function print(kinds: readonly NodeKind[], rows: readonly Row[]): void {
  console.log('seconds; median [95 % interval of the median], or (least … most) of fewer than six');
  const head = ['event', 'target', ...kinds.map(({ name }) => name), ''];
  const lines = tableLines(
    head,
    rows.map(({ what, target, samples, holds }) => [
      what,
      target,
      ...kinds.map((kind) => cell(samples.get(kind) ?? [])),
      holds === false ? 'MISSED' : '',
    ]),
  );
  for (const line of lines) console.log(line);
}

function cell(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const sorted = sortedCopy(values);
  const interval = quantileInterval(sorted, 0.5);
  const spread =
    interval === null
      ? `(${show(quantileSorted(sorted, 0))} … ${show(quantileSorted(sorted, 1))})`
      : `[${show(interval.low)}, ${show(interval.high)}]`;
  return `${show(medianOf(values))} ${spread} n ${values.length}`;
}

function medianOf(values: readonly number[]): number {
  return quantileSorted(sortedCopy(values), 0.5);
}

function show(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  return value < 10 ? value.toFixed(value < 1 ? 3 : 2) : value.toFixed(1);
}

/** Every sample as it comes: the run takes long, and the table is only the end of it. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function keepNodes(subject: Subject, directory: string): void {
  for (const { name, home, log } of subject.nodes) {
    const stem = join(directory, `${subject.kind.name}-${name}`);
    writeFileSync(`${stem}.log`, log);
    copyFileSync(join(home, 'identity.secret'), `${stem}.secret`);
  }
}
