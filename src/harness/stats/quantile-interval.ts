/**
 * Distribution-free confidence intervals for quantiles, from the order statistics of one sample.
 *
 * Of n independent values, the number that lie at or below the true p-quantile is binomial (n, p), whatever the
 * distribution. The interval runs from the l-th to the u-th smallest value, where l is the largest rank with
 * P(B ≤ l−1) ≤ α/2 and u the smallest with P(B ≥ u) ≤ α/2: equal tails, so the coverage is at least nominal, for
 * distributions with steps too (David and Nagaraja, *Order Statistics*, 3rd edition 2003, section 7.1).
 *
 * Independence is assumed, and latencies that drift are not independent: then this interval is too narrow for what
 * another run would give. Between paths use `round-bootstrap.ts`, which assumes it of rounds only.
 */
import { assert } from '../../base/errors.ts';

/** A closed interval, in the unit of what it is about. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The confidence of every interval that is not asked for otherwise. */
export const defaultConfidence = 0.95;

/**
 * How many values an interval of the p-quantile needs before it has two ends: the smallest n with pⁿ ≤ α/2 and
 * (1−p)ⁿ ≤ α/2. At 95 %: 6 for the median, 36 for p90, 368 for p99, 3,688 for p99.9.
 *
 * @param p - above 0, below 1
 * @param confidence - above 0, below 1
 */
export function samplesNeeded(p: number, confidence: number = defaultConfidence): number {
  assert(p > 0 && p < 1, 'an interval is for a quantile between the minimum and the maximum');
  assert(confidence > 0 && confidence < 1, 'a confidence is between 0 and 1');
  const tail = (1 - confidence) / 2;
  const outer = Math.max(p, 1 - p);
  const count = Math.max(1, Math.ceil(Math.log(tail) / Math.log(outer)));
  // The quotient of two logarithms may round up past an exact power (0.5⁶ = 1/64).
  return count > 1 && outer ** (count - 1) <= tail ? count - 1 : count;
}

/**
 * The interval that covers the true p-quantile with at least the confidence given.
 *
 * @param sorted - independent values, ascending; borrowed
 * @param p - above 0, below 1
 * @returns null where there are fewer values than {@link samplesNeeded}
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
  confidence: number = defaultConfidence,
): Interval | null {
  const count = sorted.length;
  if (count < samplesNeeded(p, confidence)) return null;
  const { low, high } = intervalRanks(count, p, (1 - confidence) / 2);
  return { low: sorted[low - 1] as number, high: sorted[high - 1] as number };
}

/** The ranks l and u of the header, 1 … count. */
function intervalRanks(count: number, p: number, tail: number): Interval {
  const { first, weights, total } = binomialWeights(count, p);
  let below = 0;
  let low = first;
  for (const weight of weights) {
    below += weight / total;
    if (below > tail) break;
    low++;
  }
  let above = 0;
  let high = first + weights.length - 1;
  for (const weight of weights.toReversed()) {
    above += weight / total;
    if (above > tail) break;
    high--;
  }
  // Now P(B < low) ≤ tail and P(B > high) ≤ tail: l is low, u is high + 1. Rounding can move neither outside, since
  // the count was checked, save where it equals a bound exactly.
  return { low: Math.max(1, low), high: Math.min(count, high + 1) };
}

/**
 * The binomial probabilities of (count, p) up to a common factor `total`, from outcome `first` on: outwards from the
 * mode by the ratio of neighbours, until they no longer count. Exact to rounding without any factorial, in O(√count).
 */
function binomialWeights(
  count: number,
  p: number,
): { readonly first: number; readonly weights: readonly number[]; readonly total: number } {
  const negligible = 1e-20;
  const odds = p / (1 - p);
  const mode = Math.min(count, Math.floor((count + 1) * p));
  const downwards: number[] = [];
  for (let k = mode, weight = 1; k > 0 && weight > negligible; k--) {
    weight *= k / ((count - k + 1) * odds);
    downwards.push(weight);
  }
  const upwards: number[] = [];
  for (let k = mode, weight = 1; k < count && weight > negligible; k++) {
    weight *= ((count - k) * odds) / (k + 1);
    upwards.push(weight);
  }
  const weights = [...downwards.reverse(), 1, ...upwards];
  return {
    first: mode - downwards.length,
    weights,
    total: weights.reduce((sum, weight) => sum + weight, 0),
  };
}
