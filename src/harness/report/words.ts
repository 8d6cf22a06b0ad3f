/** What the figures say, in sentences. Every format prints these same ones. */
import type { Estimate } from '../stats/round-bootstrap.ts';
import type { Analysis, Calibration } from './analysis.ts';
import type { Comparison, Metric, MetricId } from './comparison.ts';
import {
  bareInterval,
  grouped,
  metricNames,
  needsText,
  ratioText,
  resolutionText,
  rulerOf,
  scaleOf,
  signedEstimate,
  type Scale,
} from './figures.ts';
import { formatNs, unitFor } from '../stats/duration-format.ts';

/** What was done: `tls-rr 64 B, 40 rounds, 20 000 requests a path, lost 0`. */
export function taskSentence(analysis: Analysis): string {
  const { workload, paths, run } = analysis;
  if (workload === null) return 'the run ended before its plan was written';
  const parts = [`${workload.probe} ${grouped(workload.requestBytes)} B`];
  if (run.roundsPlanned > 1) {
    const { roundsDone, roundsPlanned } = run;
    parts.push(
      roundsDone === roundsPlanned
        ? `${grouped(roundsDone)} rounds`
        : `${grouped(roundsDone)} of ${grouped(roundsPlanned)} rounds`,
    );
  }
  if (workload.arrival === 'scheduled')
    parts.push(`one request every ${formatNs(workload.intervalNs, 1_000)}`);
  const counts = paths.map(({ measuredCount, lostCount }) => measuredCount + lostCount);
  const each = paths.length > 1 ? ' a path' : '';
  parts.push(
    new Set(counts).size === 1
      ? `${grouped(counts[0] ?? 0)} requests${each}`
      : `${grouped(Math.min(...counts))} to ${grouped(Math.max(...counts))} requests${each}`,
  );
  parts.push(lostPhrase(analysis));
  return parts.join(', ');
}

/** `lost 0`, or who lost how many. */
export function lostPhrase({ paths }: Analysis): string {
  const losing = paths.filter(({ lostCount }) => lostCount > 0);
  if (losing.length === 0) return 'lost 0';
  if (paths.length === 1) return `lost ${grouped(losing[0]?.lostCount ?? 0)}`;
  return `lost ${losing.map(({ label, lostCount }) => `${grouped(lostCount)} on ${label}`).join(', ')}`;
}

/** The verdict on each path but the first, at p50 and p99, one sentence each. */
export function verdictSentences(analysis: Analysis): string[] {
  const scale = scaleOf(analysis);
  const metrics = (['p50', 'p99'] as const).flatMap((id) => metricOf(analysis, id) ?? []);
  return analysis.paths.slice(1).map(({ label }) => {
    const found = metrics.flatMap(({ id, comparisons }) => {
      const comparison = comparisons.find(({ path }) => path === label);
      return comparison === undefined ? [] : [{ id, comparison }];
    });
    const first = found[0]?.comparison;
    if (first === undefined) return `${label}: nothing to compare`;
    const clauses = found.map(({ id, comparison }) => clause(id, comparison, analysis, scale));
    return `${label} ${opening(first, label)}${clauses.join(', ')}`;
  });
}

/** The verdict in one line of large type, without intervals. */
export function headline(analysis: Analysis): string {
  const scale = scaleOf(analysis);
  const comparisons = metricOf(analysis, 'p50')?.comparisons ?? [];
  if (comparisons.length === 0) return probeHeadline(analysis, scale);
  const [only] = comparisons;
  if (comparisons.length > 1 || only === undefined) return manyHeadline(comparisons, scale);
  const { path, against, difference, verdict } = only;
  const ratio = ratioText(only, scale.latency);
  switch (verdict) {
    case 'higher':
      return `${path} costs ${sizeText(difference, scale)} more than ${against} at the median (${ratio})`;
    case 'lower':
      return `${path} is ${sizeText(difference, scale)} faster than ${against} at the median (${ratio})`;
    case 'no-difference':
      return `no difference shown between ${path} and ${against} at the median`;
    case 'too-few':
      return `${path} against ${against}: too little was measured for a verdict`;
  }
}

function manyHeadline(comparisons: readonly Comparison[], scale: Scale): string {
  const each = comparisons.map(({ path, difference, verdict }) => {
    switch (verdict) {
      case 'higher':
        return `${path} +${sizeText(difference, scale)}`;
      case 'lower':
        return `${path} \u2212${sizeText(difference, scale)}`;
      case 'no-difference':
        return `${path} no difference`;
      case 'too-few':
        return `${path} too little measured`;
    }
  });
  return `against ${comparisons[0]?.against ?? ''} at the median: ${each.join(', ')}`;
}

function sizeText(difference: Estimate | null, { latency }: Scale): string {
  return formatNs(Math.abs(difference?.value ?? 0), latency.resolutionNs, latency.unit);
}

/** The words of one comparison, for a table. */
export function verdictWord(comparison: Comparison, count: number): string {
  switch (comparison.verdict) {
    case 'higher':
      return 'slower';
    case 'lower':
      return 'faster';
    case 'no-difference':
      return 'no difference shown';
    case 'too-few':
      return comparison.needs === null ? 'too few' : needsText(comparison.needs, { count });
  }
}

/** The floor, the A/A pair, and what follows from them. */
export function calibrationSentence({ calibration, resolutionNs }: Analysis): string {
  const claim = `below ${resolutionText(resolutionNs)} nothing is claimed`;
  if (calibration === null) return `not calibrated; by the step of the clock, ${claim}`;
  return `${floorPhrase(calibration, resolutionNs)}; ${aaPhrase(calibration, resolutionNs)}: ${claim}`;
}

function floorPhrase({ floorNs, floorCount }: Calibration, resolutionNs: number): string {
  return floorNs === null
    ? `harness floor unknown after ${floorCount} requests`
    : `harness floor ${formatNs(floorNs, resolutionNs)}`;
}

function aaPhrase({ aaDifferenceNs }: Calibration, resolutionNs: number): string {
  if (aaDifferenceNs === null) return 'too few rounds for an A/A difference';
  // The difference is what the resolution was made of: it alone is shown one digit finer.
  const finer = { resolutionNs: resolutionNs / 10 };
  const { value, interval } = aaDifferenceNs;
  const unit = unitFor([resolutionNs], finer.resolutionNs);
  const text = formatNs(value, finer.resolutionNs, unit);
  return `A/A difference ${text} ${bareInterval(interval, { ...finer, unit })}`;
}

function opening({ verdict, against }: Comparison, label: string): string {
  switch (verdict) {
    case 'higher':
      return 'costs ';
    case 'lower':
      return `is faster than ${against}: `;
    case 'no-difference':
    case 'too-few':
      return label === against ? '' : `against ${against}: `;
  }
}

function clause(id: MetricId, comparison: Comparison, analysis: Analysis, scale: Scale): string {
  const { difference, verdict, needs, path } = comparison;
  const ruler = rulerOf(id, scale);
  if (difference === null) {
    const value = metricOf(analysis, id)?.values.find((candidate) => candidate.path === path);
    return `${metricNames[id]} ${needs === null ? 'is unknown' : needsText(needs, { count: value?.count ?? 0 })}`;
  }
  const shown = signedEstimate(difference, ruler);
  return verdict === 'no-difference'
    ? `no difference shown at ${metricNames[id]} (${shown})`
    : `${shown} at ${metricNames[id]} (${ratioText(comparison, ruler)})`;
}

function probeHeadline({ paths }: Analysis, scale: Scale): string {
  const [path] = paths;
  if (path === undefined) return 'nothing was measured';
  const median = path.latency.quantiles.find(({ p }) => p === 0.5)?.value ?? null;
  return median === null
    ? `${path.label}: too few answers for a median`
    : `${path.label} answers in ${formatNs(median, scale.latency.resolutionNs, scale.latency.unit)} at the median`;
}

function metricOf({ metrics }: Analysis, id: MetricId): Metric | undefined {
  return metrics.find((metric) => metric.id === id);
}
