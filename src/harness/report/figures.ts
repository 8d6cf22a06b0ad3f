/** Figures as every format prints them: no digit below the resolution of the run, and one unit for a column. */
import {
  formatIntervalBare,
  formatNsBare,
  formatSignedNs,
  unitFor,
  unitSymbols,
  type DurationUnit,
} from '../stats/duration-format.ts';
import type { Interval } from '../stats/quantile-interval.ts';
import { stepOf } from '../stats/resolution.ts';
import type { Estimate } from '../stats/round-bootstrap.ts';
import type { Summary } from '../stats/summary.ts';
import type { Analysis } from './analysis.ts';
import type { Comparison, MetricId, Needs } from './comparison.ts';
import type { SetupEvent, Typical } from './path-analysis.ts';

/** Finer digits than these are not shown where no calibration says what they are worth. */
const uncalibratedNs = 100;

/** What one column of figures is printed with: no digit below the resolution, all in one unit. */
export interface Ruler {
  readonly resolutionNs: number;
  readonly unit: DurationUnit;
}

/** The rulers of one analysis. */
export interface Scale {
  readonly latency: Ruler;
  readonly serverProcessing: Ruler;
  readonly sendCall: Ruler;
  readonly setup: Readonly<Record<SetupEvent, Ruler>>;
}

/** What each event is called where people read. */
export const setupNames: Readonly<Record<SetupEvent, string>> = {
  connect: 'TCP connect',
  handshakeFull: 'TLS handshake, full',
  handshakeResumed: 'TLS handshake, resumed',
  firstAnswer: 'first answer',
};

/** What each metric is called where people read. */
export const metricNames: Readonly<Record<MetricId, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  'p99.9': 'p99.9',
  mean: 'mean',
  connect: setupNames.connect,
  'handshake-full': setupNames.handshakeFull,
  'handshake-resumed': setupNames.handshakeResumed,
  'first-answer': setupNames.firstAnswer,
};

/** The event that a metric is the median of; null for a metric of latencies. */
export function setupEventOf(id: MetricId): SetupEvent | null {
  switch (id) {
    case 'connect':
      return 'connect';
    case 'handshake-full':
      return 'handshakeFull';
    case 'handshake-resumed':
      return 'handshakeResumed';
    case 'first-answer':
      return 'firstAnswer';
    default:
      return null;
  }
}

/** Chooses units for all figures of an analysis. */
export function scaleOf({ calibration, paths, resolutionNs: claimedNs }: Analysis): Scale {
  const resolutionNs =
    (calibration?.aaDifferenceNs ?? null) === null
      ? Math.max(claimedNs, uncalibratedNs)
      : claimedNs;
  const ruler = (valuesNs: readonly number[], finestNs: number): Ruler => ({
    resolutionNs: finestNs,
    unit: unitFor(valuesNs, finestNs),
  });
  const medians = (summaries: readonly (Summary | null)[]): number[] =>
    summaries.flatMap((summary) => summary?.quantiles[0]?.value ?? summary?.min ?? []);
  const setup = (event: SetupEvent): Ruler => {
    const times = paths.flatMap((path) => path.setup[event]?.minNs ?? []);
    // Three digits are enough of what happens once a connection.
    const threeDigitsNs = 10 ** (Math.floor(Math.log10(Math.max(1, ...times))) - 2);
    const coarser = Math.max(resolutionNs, threeDigitsNs);
    return { resolutionNs: coarser, unit: unitFor(times, coarser) };
  };
  return {
    latency: ruler(medians(paths.map(({ latency }) => latency)), resolutionNs),
    // Times of one call on one host: what blurs the comparison of paths is not in them.
    serverProcessing: ruler(
      medians(paths.map(({ serverProcessing }) => serverProcessing)),
      uncalibratedNs,
    ),
    sendCall: ruler(medians(paths.map(({ sendCall }) => sendCall)), uncalibratedNs),
    setup: {
      connect: setup('connect'),
      handshakeFull: setup('handshakeFull'),
      handshakeResumed: setup('handshakeResumed'),
      firstAnswer: setup('firstAnswer'),
    },
  };
}

/** The ruler of a metric's column. */
export function rulerOf(id: MetricId, scale: Scale): Ruler {
  const event = setupEventOf(id);
  return event === null ? scale.latency : scale.setup[event];
}

/** `118`, in a column of the unit; `–` for what is unknown. */
export function bare(valueNs: number | null | undefined, ruler: Ruler): string {
  if (valueNs === null || valueNs === undefined) return '–';
  return formatNsBare(valueNs, ruler.resolutionNs, ruler.unit);
}

/** `[117, 119]`, in a column of the unit. */
export function bareInterval(interval: Interval, { resolutionNs, unit }: Ruler): string {
  return formatIntervalBare(interval, resolutionNs, unit);
}

/** `118 [117, 119]`. */
export function bareEstimate(estimate: Estimate, ruler: Ruler): string {
  return `${bare(estimate.value, ruler)} ${bareInterval(estimate.interval, ruler)}`;
}

/** `+115 µs [113, 118]`. */
export function signedEstimate(estimate: Estimate, ruler: Ruler): string {
  const value = formatSignedNs(estimate.value, ruler.resolutionNs, ruler.unit);
  return `${value} ${bareInterval(estimate.interval, ruler)}`;
}

/** `needs ≥ 3 688 samples`, or rounds where these are what is missing. */
export function needsText(needs: Needs, have: { readonly count: number }): string {
  return have.count < needs.count
    ? `needs ≥ ${grouped(needs.count)} samples`
    : `needs ≥ ${grouped(needs.rounds)} rounds`;
}

/** `×1.97`: as many digits as the resolution leaves to a ratio, three at most. */
export function ratioText({ ratio, difference }: Comparison, { resolutionNs }: Ruler): string {
  if (ratio === null || difference === null || ratio.value === 1) return '×1';
  // base = difference / (ratio − 1); a step of the resolution there is this step of the ratio.
  const baseNs = difference.value / (ratio.value - 1);
  const stepRatio = stepOf(resolutionNs) / baseNs;
  const digits =
    Number.isFinite(stepRatio) && stepRatio > 0 ? Math.round(-Math.log10(stepRatio)) : 2;
  return `×${ratio.value.toFixed(Math.min(2, Math.max(0, digits)))}`;
}

/** A time that happens a few times in a run: its median, or what was seen of it. */
export function typicalText(typical: Typical | null, ruler: Ruler): string {
  if (typical === null) return '–';
  const { medianNs, intervalNs, count, minNs, maxNs } = typical;
  if (medianNs !== null && intervalNs !== null)
    return bareEstimate({ value: medianNs, interval: intervalNs }, ruler);
  const low = bare(minNs, ruler);
  return count === 1 ? `${low} (once)` : `${low} … ${bare(maxNs, ruler)} (${count} times)`;
}

/** The median of a summary with its interval; `–` where there is none. */
export function medianText(summary: Summary | null, ruler: Ruler): string {
  const median = summary?.quantiles.find(({ p }) => p === 0.5);
  if (summary === null || median === undefined) return '–';
  const { value, interval, needsCount } = median;
  return value === null || interval === null
    ? needsText({ count: needsCount, rounds: 1 }, summary)
    : bareEstimate({ value, interval }, ruler);
}

/** A figure with its unit after it, where it is one. */
export function withUnit(text: string, { unit }: Ruler): string {
  return text === '–' || text.startsWith('needs') ? text : `${text} ${symbol(unit)}`;
}

/** `20 000`: thousands apart by a thin space that does not break. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `µs`. */
export function symbol(unit: DurationUnit): string {
  return unitSymbols[unit];
}

/** A resolution as it is spoken of: `2 µs`. */
export function resolutionText(resolutionNs: number): string {
  const unit = unitFor([resolutionNs], 1);
  return `${Number(formatNsBare(resolutionNs, 1, unit))} ${symbol(unit)}`;
}
