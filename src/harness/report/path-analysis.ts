/** What one path's own samples say: pooled over the run, with intervals by order statistics. All times in ns. */
import type { RunRecord, Setup, Visit } from '../campaign/record.ts';
import type { Interval } from '../stats/quantile-interval.ts';
import { sortedCopy } from '../stats/quantile.ts';
import { summarize, type Summary } from '../stats/summary.ts';
import { thinCurve, thinSeries, type CurvePoint, type SeriesPoint } from './curve.ts';

type PlanPath = NonNullable<RunRecord['plan']>['paths'][number];

/** A median of something that happens a few times in a run. */
export interface Typical {
  readonly count: number;
  /** Null, like the interval, below `needsCount`. */
  readonly medianNs: number | null;
  readonly intervalNs: Interval | null;
  readonly needsCount: number;
  readonly minNs: number;
  readonly maxNs: number;
}

/** The times to be ready to send, each a kind of event by itself; null where it did not happen or was not seen. */
export interface SetupTimes {
  readonly connect: Typical | null;
  readonly handshakeFull: Typical | null;
  readonly handshakeResumed: Typical | null;
  /** From the first bytes after a full handshake to the first answer. */
  readonly firstAnswer: Typical | null;
}

export interface PathAnalysis {
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly description: string | null;
  /** Of all measured samples of the path, in ns. */
  readonly latency: Summary;
  readonly visitCount: number;
  /** Requests that were sent and answered, warm-up aside: `latency.count`. */
  readonly measuredCount: number;
  readonly lostCount: number;
  /** By reason: `timeout`, `closed` … */
  readonly lostByReason: Readonly<Record<string, number>>;
  /** Measured like the others, and discarded. */
  readonly warmupCount: number;
  /** Due but never sent, because the visit was stopped. */
  readonly unsentCount: number;
  /** On the server's clock; null where the server says nothing. Not network latency. */
  readonly serverProcessing: Summary | null;
  /** How long the client's send call took; null where there is no sample. */
  readonly sendCall: Summary | null;
  readonly setup: SetupTimes;
  readonly instanceIds: readonly string[];
  readonly curve: readonly CurvePoint[];
  readonly series: readonly SeriesPoint[];
  /** When lost requests had been sent. */
  readonly lostAtNs: readonly number[];
}

/** The events of which a set-up time is taken. */
export const setupEvents = ['connect', 'handshakeFull', 'handshakeResumed', 'firstAnswer'] as const;
export type SetupEvent = (typeof setupEvents)[number];

/** The time of one event in one set-up; null where this set-up has none. */
export function setupNs(setup: Setup, event: SetupEvent): number | null {
  switch (event) {
    case 'connect':
      return setup.connectNs;
    case 'handshakeFull':
      return setup.resumed ? null : setup.handshakeNs;
    case 'handshakeResumed':
      return setup.resumed ? setup.handshakeNs : null;
    case 'firstAnswer':
      // After a resumed handshake it is another event, three times as fast: the median of both would be that of neither.
      return setup.resumed ? null : setup.firstAnswerNs;
  }
}

/**
 * Analyses one path.
 *
 * @param visits - of this path and of one phase, in the order of time; borrowed
 * @param seriesPointsMax - the most points that the time series keeps
 */
export function analysePath(
  path: PlanPath,
  visits: readonly Visit[],
  seriesPointsMax: number,
): PathAnalysis {
  const latencyNs = visits.flatMap(({ samples }) => samples.latencyNs);
  const serverNs = visits.flatMap(({ samples }) => known(samples.serverProcessingNs));
  const sendNs = visits.flatMap(({ samples }) => samples.sendCallNs);
  const lost = visits.flatMap((visit) => visit.lost);
  return {
    label: path.label,
    host: path.host,
    port: path.port,
    description: path.description,
    latency: summarize(latencyNs),
    visitCount: visits.length,
    measuredCount: latencyNs.length,
    lostCount: lost.length,
    lostByReason: tally(lost.map(({ reason }) => reason)),
    warmupCount: sum(visits.map((visit) => visit.warmupCount)),
    unsentCount: sum(visits.map((visit) => visit.unsentCount)),
    serverProcessing: serverNs.length === 0 ? null : summarize(serverNs),
    sendCall: sendNs.length === 0 ? null : summarize(sendNs),
    setup: setupTimes(visits),
    instanceIds: [...new Set(visits.flatMap((visit) => visit.instanceId ?? []))],
    curve: thinCurve(sortedCopy(latencyNs)),
    series: thinSeries(visits.flatMap(seriesOf), seriesPointsMax),
    lostAtNs: lost.slice(0, 1_000).map(({ sentNs }) => sentNs),
  };
}

function setupTimes(visits: readonly Visit[]): SetupTimes {
  const setups = visits.flatMap((visit) => visit.setups);
  const typical = (event: SetupEvent): Typical | null => {
    const times = known(setups.map((setup) => setupNs(setup, event)));
    if (times.length === 0) return null;
    const { count, min, max, quantiles } = summarize(times);
    const median = quantiles.find(({ p }) => p === 0.5);
    return {
      count,
      medianNs: median?.value ?? null,
      intervalNs: median?.interval ?? null,
      needsCount: median?.needsCount ?? 0,
      minNs: min ?? 0,
      maxNs: max ?? 0,
    };
  };
  return {
    connect: typical('connect'),
    handshakeFull: typical('handshakeFull'),
    handshakeResumed: typical('handshakeResumed'),
    firstAnswer: typical('firstAnswer'),
  };
}

function seriesOf({ samples }: Visit): SeriesPoint[] {
  return samples.latencyNs.map((latencyNs, i) => ({ atNs: samples.sentNs[i] ?? 0, latencyNs }));
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tally(words: readonly string[]): Record<string, number> {
  // From entries, so that a reason of `__proto__` is a reason like any other.
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
