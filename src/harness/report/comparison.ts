/**
 * Each path's value of each metric, and its difference from the first path's: intervals by resampling rounds, because
 * what disturbs one request disturbs its neighbours too. All values in ns, ratios aside.
 */
import type { Visit } from '../campaign/record.ts';
import {
  compareRounds,
  estimateRounds,
  isTooFew,
  type Estimate,
  type OneEstimate,
  type PairedEstimate,
  type Statistic,
  type TooFew,
} from '../stats/round-bootstrap.ts';
import { verdictOf, type Verdict } from '../stats/verdict.ts';
import { setupNs, type SetupEvent } from './path-analysis.ts';

/** What is compared; the names of `overspan-analysis`. */
export const metricIds = [
  'p50',
  'p90',
  'p99',
  'p99.9',
  'mean',
  'connect',
  'handshake-full',
  'handshake-resumed',
  'first-answer',
] as const;
export type MetricId = (typeof metricIds)[number];

/** What an estimate would have taken. */
export interface Needs {
  readonly rounds: number;
  readonly count: number;
}

/** One metric of one path. */
export interface MetricValue {
  readonly path: string;
  readonly count: number;
  readonly rounds: number;
  /** Null where there is too little, which `needs` then states. */
  readonly estimate: Estimate | null;
  readonly needs: Needs | null;
}

/** One metric of one path against the same of the first path, over the rounds that both have. */
export interface Comparison {
  readonly path: string;
  readonly against: string;
  readonly rounds: number;
  /** Rounds in which one of the two has no sample. */
  readonly roundsDropped: number;
  readonly difference: Estimate | null;
  readonly ratio: Estimate | null;
  readonly verdict: Verdict['kind'];
  readonly needs: Needs | null;
}

export interface Metric {
  readonly id: MetricId;
  /** In the order of the paths. */
  readonly values: readonly MetricValue[];
  /** One for each path but the first; none in a run of one path. */
  readonly comparisons: readonly Comparison[];
}

export interface CompareOptions {
  /** The labels of the paths; the first is what the others are held against. */
  readonly labels: readonly string[];
  readonly seed: string;
  readonly resolutionNs: number;
  /** How often rounds are drawn again; what `compareRounds` does by default where it is left out. */
  readonly resamples?: number;
}

/** Samples by round; a round without any is empty. */
export type Rounds = readonly (readonly number[])[];

const median: Statistic = { kind: 'quantile', p: 0.5 };

const latencyMetrics: readonly (readonly [MetricId, Statistic])[] = [
  ['p50', median],
  ['p90', { kind: 'quantile', p: 0.9 }],
  ['p99', { kind: 'quantile', p: 0.99 }],
  ['p99.9', { kind: 'quantile', p: 0.999 }],
  ['mean', { kind: 'mean' }],
];

const setupMetrics: readonly (readonly [MetricId, SetupEvent])[] = [
  ['connect', 'connect'],
  ['handshake-full', 'handshakeFull'],
  ['handshake-resumed', 'handshakeResumed'],
  ['first-answer', 'firstAnswer'],
];

/** The latencies of one path's visits, by round. */
export function latencyRounds(visits: readonly Visit[], path: string): Rounds {
  return byRound(visits, path, ({ samples }) => samples.latencyNs);
}

/**
 * Derives all metrics that at least one path has a sample of.
 *
 * @param visits - of one phase, all paths; borrowed
 */
export function compareMetrics(visits: readonly Visit[], options: CompareOptions): Metric[] {
  const { labels } = options;
  const latency = labels.map((label) => latencyRounds(visits, label));
  const metrics = metricsOf(latencyMetrics, latency, options);
  for (const [id, event] of setupMetrics) {
    const times = labels.map((label) =>
      byRound(visits, label, ({ setups }) =>
        setups.map((setup) => setupNs(setup, event)).filter((value) => value !== null),
      ),
    );
    metrics.push(...metricsOf([[id, median]], times, options));
  }
  return metrics.filter(({ values }) => values.some(({ count }) => count > 0));
}

/** Metrics that are statistics of the same samples, so that these are sorted once. */
function metricsOf(
  definitions: readonly (readonly [MetricId, Statistic])[],
  rounds: readonly Rounds[],
  options: CompareOptions,
): Metric[] {
  const { labels, seed, resamples, resolutionNs } = options;
  const resample = resamples === undefined ? { seed } : { seed, resamples };
  const statistics = definitions.map(([, statistic]) => statistic);
  const [base = [], ...others] = rounds;
  const values = rounds.map((path) => estimateRounds(path, statistics, resample));
  const paired = others.map((other) => compareRounds(base, other, statistics, resample));
  return definitions.map(([id], at) => ({
    id,
    values: values.flatMap((path, i) => valueOf(labels[i] ?? '', path[at])),
    comparisons: paired.flatMap((path, i) =>
      comparisonOf(labels[i + 1] ?? '', labels[0] ?? '', path[at], resolutionNs),
    ),
  }));
}

function valueOf(path: string, result: OneEstimate | TooFew | undefined): MetricValue[] {
  if (result === undefined) return [];
  const { count, rounds } = result;
  return isTooFew(result)
    ? [{ path, count, rounds, estimate: null, needs: needsOf(result) }]
    : [{ path, count, rounds, estimate: result.estimate, needs: null }];
}

function comparisonOf(
  path: string,
  against: string,
  result: PairedEstimate | TooFew | undefined,
  resolutionNs: number,
): Comparison[] {
  if (result === undefined) return [];
  const verdict = verdictOf(result, resolutionNs).kind;
  const { rounds, roundsDropped } = result;
  const common = { path, against, rounds, roundsDropped, verdict };
  return isTooFew(result)
    ? [{ ...common, difference: null, ratio: null, needs: needsOf(result) }]
    : [{ ...common, difference: result.difference, ratio: result.ratio, needs: null }];
}

function needsOf(result: TooFew): Needs {
  return { rounds: result.needsRounds, count: result.needsCount };
}

function byRound(
  visits: readonly Visit[],
  path: string,
  select: (visit: Visit) => readonly number[],
): Rounds {
  // Every round that any path was visited in has its place, so that the paths' rounds pair up.
  const rounds = new Map<number, number[]>();
  for (const { round } of visits) rounds.set(round, []);
  for (const visit of visits) {
    if (visit.path !== path) continue;
    const samples = rounds.get(visit.round) ?? [];
    for (const value of select(visit)) samples.push(value);
  }
  return [...rounds.values()];
}
