/**
 * From a record to everything that is said about it: the only place that derives figures. Every format prints this.
 *
 * Times are in ns, measured from the record's origin where they are moments; unknown is null. `overspan report
 * --format json` prints an {@link Analysis} as it is; its version rises when a reader could misread it.
 */
import type { Environment, RunRecord, Visit, Workload } from '../campaign/record.ts';
import type { Interval } from '../stats/quantile-interval.ts';
import { resolutionFrom } from '../stats/resolution.ts';
import { compareRounds, isTooFew, type Estimate } from '../stats/round-bootstrap.ts';
import { summarize } from '../stats/summary.ts';
import { compareMetrics, latencyRounds, type Metric } from './comparison.ts';
import { analysePath, type PathAnalysis } from './path-analysis.ts';
import {
  environmentChanges,
  warningsOf,
  type EnvironmentChange,
  type Warning,
} from './warnings.ts';

export const analysisVersion = 1;

export interface Analysis {
  readonly format: 'overspan-analysis';
  readonly version: number;
  readonly run: RunFacts;
  /** Null where the run was cut off before its plan. */
  readonly workload: Workload | null;
  /** Differences below this are not claimed, and digits below it are not printed. */
  readonly resolutionNs: number;
  /** Null where the run did not calibrate. */
  readonly calibration: Calibration | null;
  /** In the order of the plan; the first is what the others are held against. */
  readonly paths: readonly PathAnalysis[];
  readonly metrics: readonly Metric[];
  readonly environment: {
    readonly before: Environment | null;
    readonly after: Environment | null;
    readonly changes: readonly EnvironmentChange[];
  };
  /** Null where the run did not come to its end. */
  readonly health: NonNullable<RunRecord['end']>['health'] | null;
  readonly warnings: readonly Warning[];
  readonly notes: RunRecord['notes'];
}

export interface RunFacts {
  readonly runId: string;
  readonly command: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly startedAtUnixMs: number;
  /** `unfinished`: the record has no end. */
  readonly state: 'complete' | 'interrupted' | 'failed' | 'unfinished';
  /** Until the last thing that was recorded; null where nothing has a time. */
  readonly durationNs: number | null;
  readonly seed: string | null;
  readonly stopRule: string | null;
  readonly roundsPlanned: number;
  /** Rounds in which every path was visited. */
  readonly roundsDone: number;
  readonly requested: Readonly<Record<string, unknown>>;
  readonly effective: Readonly<Record<string, unknown>>;
}

/** What the harness finds where there is nothing to find: the same request over loopback, by two equal paths. */
export interface Calibration {
  readonly path: string;
  /** p50 over loopback; null where there are too few samples. */
  readonly floorNs: number | null;
  readonly floorIntervalNs: Interval | null;
  readonly floorCount: number;
  /** p50 of the twin less p50 of the floor: nothing but the harness's own error. Null where there are too few rounds. */
  readonly aaDifferenceNs: Estimate | null;
  readonly rounds: number;
}

export interface AnalyseOptions {
  /** How often rounds are drawn again. */
  readonly resamples?: number;
}

/** A page of plots is drawn of no more points than these, all paths together. */
const seriesPointsMax = 3_600;
const seriesPointsPerPathMax = 1_200;

/** Derives everything that is said about a run; equal records give equal analyses. */
export function analyse(record: RunRecord, options: AnalyseOptions = {}): Analysis {
  const { plan, header } = record;
  const measured = plan?.paths.filter(({ role }) => role === 'measurement') ?? [];
  const visits = record.visits.filter(({ phase }) => phase === 'measurement');
  const seed = plan?.seed ?? header.runId;
  const calibration = calibrate(record, seed, options);
  const clockStepNs = record.before?.clockStepNs ?? record.after?.clockStepNs ?? 1;
  const aaInterval = calibration?.aaDifferenceNs?.interval;
  const resolutionNs =
    aaInterval === undefined ? Math.max(1, clockStepNs) : resolutionFrom(aaInterval, clockStepNs);

  const pointsMax = Math.min(
    seriesPointsPerPathMax,
    Math.floor(seriesPointsMax / Math.max(1, measured.length)),
  );
  const paths = measured.map((path) =>
    analysePath(
      path,
      visits.filter((visit) => visit.path === path.label),
      Math.max(3, pointsMax),
    ),
  );
  const labels = measured.map(({ label }) => label);
  const metrics = compareMetrics(visits, { ...options, labels, seed, resolutionNs });
  const changes = environmentChanges(record.before, record.after);
  return {
    format: 'overspan-analysis',
    version: analysisVersion,
    run: runFacts(record, visits, labels),
    workload: plan?.workload ?? null,
    resolutionNs,
    calibration,
    paths,
    metrics,
    environment: { before: record.before, after: record.after, changes },
    health: record.end?.health ?? null,
    warnings: warningsOf(record, paths, metrics, changes),
    notes: record.notes,
  };
}

function runFacts(
  { header, plan, end, before, after, notes }: RunRecord,
  visits: readonly Visit[],
  labels: readonly string[],
): RunFacts {
  const visited = new Map<number, Set<string>>();
  for (const { round, path } of visits) {
    const seen = visited.get(round) ?? new Set();
    visited.set(round, seen.add(path));
  }
  const moments = [before, after, end, ...notes].flatMap((line) => line?.atNs ?? []);
  const lastNs = [...moments, ...visits.map(({ endedNs }) => endedNs)].reduce(
    (latest, atNs) => Math.max(latest, atNs),
    -1,
  );
  return {
    runId: header.runId,
    command: header.command,
    tool: header.tool,
    startedAtUnixMs: header.startedAtUnixMs,
    state: end?.reason ?? 'unfinished',
    durationNs: lastNs < 0 ? null : lastNs,
    seed: plan?.seed ?? null,
    stopRule: plan?.stopRule ?? null,
    roundsPlanned: plan?.rounds.length ?? 0,
    roundsDone: [...visited.values()].filter(({ size }) => size === labels.length).length,
    requested: header.requested,
    effective: header.effective,
  };
}

function calibrate(
  { plan, visits }: RunRecord,
  seed: string,
  options: AnalyseOptions,
): Calibration | null {
  const [floor, twin] = plan?.paths.filter(({ role }) => role === 'calibration') ?? [];
  if (floor === undefined) return null;
  const calibrating = visits.filter(({ phase }) => phase === 'calibration');
  const floorRounds = latencyRounds(calibrating, floor.label);
  const { count, quantiles } = summarize(floorRounds.flat());
  if (count === 0) return null;
  const median = quantiles.find(({ p }) => p === 0.5);
  const [aa] =
    twin === undefined
      ? []
      : compareRounds(
          floorRounds,
          latencyRounds(calibrating, twin.label),
          [{ kind: 'quantile', p: 0.5 }],
          { ...options, seed },
        );
  return {
    path: floor.label,
    floorNs: median?.value ?? null,
    floorIntervalNs: median?.interval ?? null,
    floorCount: count,
    aaDifferenceNs: aa === undefined || isTooFew(aa) ? null : aa.difference,
    rounds: floorRounds.length,
  };
}
