/** What the report says of a run, in short, out of the analysis that `overspan report --format json` prints. */
import { formatHostPort } from '../../base/host-port.ts';
import type { RunState, RunVerdict } from '../../api/schema/run.ts';
import { analysisVersion, type Analysis } from '../report/analysis.ts';
import type { MetricId } from '../report/comparison.ts';
import { bareEstimate, needsText, scaleOf, symbol, type Scale } from '../report/figures.ts';
import { calibrationSentence, headline, taskSentence, verdictSentences } from '../report/words.ts';

/** What a file of an analysis says. */
export interface Derived {
  readonly state: RunState;
  readonly verdict: RunVerdict;
}

/** Reads an analysis. Null: the text is none that this version can read. */
export function derivedOf(text: string): Derived | null {
  try {
    const analysis = JSON.parse(text) as Analysis;
    const { format, version } = analysis as { format: unknown; version: unknown };
    if (format !== 'overspan-analysis' || version !== analysisVersion) return null;
    return { state: analysis.run.state, verdict: verdictOf(analysis) };
  } catch {
    // Somebody else's file beside the record: what is missing in it shows here first.
    return null;
  }
}

/** The words are those of every report. */
export function verdictOf(analysis: Analysis): RunVerdict {
  const scale = scaleOf(analysis);
  return {
    headline: headline(analysis),
    sentences: verdictSentences(analysis),
    task: taskSentence(analysis),
    calibration: calibrationSentence(analysis),
    warnings: analysis.warnings.map(({ message }) => message),
    paths: analysis.paths.map(({ label, host, port, measuredCount, lostCount }) => ({
      ...{ label, measuredCount, lostCount },
      target: formatHostPort(host, port),
      p50: figure(analysis, 'p50', label, scale),
      p99: figure(analysis, 'p99', label, scale),
    })),
  };
}

/** `237 [236, 239] µs`; `–` where nothing was measured. */
function figure({ metrics }: Analysis, id: MetricId, path: string, { latency }: Scale): string {
  const value = metrics
    .find((metric) => metric.id === id)
    ?.values.find((candidate) => candidate.path === path);
  if (value === undefined || value.count === 0) return '–';
  const { estimate, needs, count } = value;
  if (estimate !== null) return `${bareEstimate(estimate, latency)} ${symbol(latency.unit)}`;
  return needs === null ? '–' : needsText(needs, { count });
}
