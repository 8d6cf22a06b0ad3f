/**
 * Quantiles of a sample by nearest rank: the inverse of the empirical distribution function, "type 1" of Hyndman and
 * Fan, *Sample Quantiles in Statistical Packages* (The American Statistician 50(4), 1996).
 *
 * Nothing is interpolated: a quantile is always a latency that was observed, and it is the order statistic that the
 * intervals in `quantile-interval.ts` are about.
 */
import { assert } from '../../base/errors.ts';

/** The product p·n of two doubles is wrong by less than this; without it, rank(100, 0.07) would be 8. */
const productSlack = 1 - 2 ** -51;

/**
 * The rank, 1 … count, of the p-quantile among `count` values in ascending order: the smallest k with k/count ≥ p.
 *
 * @param count - 1 or more
 * @param p - 0 … 1; 0 is the minimum, 1 the maximum
 */
export function rankOf(count: number, p: number): number {
  return Math.max(1, Math.ceil(p * count * productSlack));
}

/**
 * The p-quantile of values in ascending order.
 *
 * @param sorted - ascending, one value or more; borrowed
 * @param p - 0 … 1; 0 is the minimum, 1 the maximum
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  assert(sorted.length > 0, 'a quantile has at least one value under it');
  assert(p >= 0 && p <= 1, 'the order of a quantile is between 0 and 1');
  return sorted[rankOf(sorted.length, p) - 1] as number;
}

/** The values in ascending order, in an array of their own. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
