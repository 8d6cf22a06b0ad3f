/** What is said of one series of latencies: its count, its ends, its mean, its jitter and its quantiles. */
import { rfc3550Jitter } from './jitter.ts';
import {
  defaultConfidence,
  quantileInterval,
  samplesNeeded,
  type Interval,
} from './quantile-interval.ts';
import { quantileSorted, sortedCopy } from './quantile.ts';

/** The quantiles of every summary and table. */
export const summaryQuantiles = [0.5, 0.9, 0.99, 0.999] as const;

/** A quantile with its interval, or how many samples it would have taken. */
export interface QuantileEstimate {
  /** The order of the quantile: 0.99 is p99. */
  readonly p: number;
  /** Null, like the interval, where the count is below `needsCount`: never an invented figure. */
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly needsCount: number;
}

/** All values in the unit of the series (ns); null where the series is too short to have them. */
export interface Summary {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** RFC 3550's running estimate at the end of the series. */
  readonly jitter: number | null;
  readonly quantiles: readonly QuantileEstimate[];
}

/**
 * Summarises one series. The intervals take its values for independent: see `quantile-interval.ts`.
 *
 * @param latencyNs - in the order of sending (the jitter depends on it), ns; borrowed
 * @param confidence - of the intervals, 0.95 by default
 */
export function summarize(
  latencyNs: ArrayLike<number>,
  confidence: number = defaultConfidence,
): Summary {
  const sorted = sortedCopy(latencyNs);
  const count = sorted.length;
  return {
    count,
    min: sorted[0] ?? null,
    max: sorted[count - 1] ?? null,
    mean: count === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / count,
    jitter: rfc3550Jitter(latencyNs),
    quantiles: summaryQuantiles.map((p) => {
      const interval = quantileInterval(sorted, p, confidence);
      const value = interval === null ? null : quantileSorted(sorted, p);
      return { p, value, interval, needsCount: samplesNeeded(p, confidence) };
    }),
  };
}
