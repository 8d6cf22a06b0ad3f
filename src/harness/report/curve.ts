/**
 * Thins what would be drawn from every sample to the points that matter: a report stays small whatever the run was.
 * Every point kept is a real sample; none is averaged away or made up.
 */
/** A step of the cumulative distribution. */
export interface CurvePoint {
  /** The share of samples that took `latencyNs` or less, in (0, 1]. */
  readonly ratio: number;
  readonly latencyNs: number;
}

/** One sample in time. */
export interface SeriesPoint {
  /** When the request was sent, since the record's origin. */
  readonly atNs: number;
  readonly latencyNs: number;
}

/** Even steps through the body, and this many for every further nine of the tail. */
const bodySteps = 200;
const stepsPerNine = 18;

/**
 * The cumulative distribution: 200 even steps, then steps even in the logarithm of what is left, down to the last sample.
 *
 * @param sorted - ascending, borrowed; may be empty
 * @returns at most some 320 points, ascending in both
 */
export function thinCurve(sorted: ArrayLike<number>): CurvePoint[] {
  const count = sorted.length;
  if (count === 0) return [];
  const ranks = new Set<number>([1, count]);
  for (let i = 1; i < bodySteps; i++) ranks.add(Math.ceil((i / bodySteps) * count));
  for (let left = 0.1; left * count > 1; left *= 10 ** (-1 / stepsPerNine))
    ranks.add(Math.ceil((1 - left) * count));
  return [...ranks]
    .sort((a, b) => a - b)
    .map((rank) => ({ ratio: rank / count, latencyNs: sorted[rank - 1] ?? 0 }));
}

/**
 * The time series: of each of a number of equal stretches of samples the slowest, which is what a reader looks for, and
 * two taken by their place alone, so that the body looks as it was.
 *
 * @param points - in time order, borrowed
 * @param pointsMax - 3 or more; a series that is no longer is given back whole
 */
export function thinSeries(points: readonly SeriesPoint[], pointsMax: number): SeriesPoint[] {
  if (points.length <= pointsMax) return [...points];
  const stretches = Math.floor(pointsMax / 3);
  const startOf = (stretch: number): number => Math.floor((stretch * points.length) / stretches);
  const kept = new Set<number>();
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = startOf(stretch);
    const end = startOf(stretch + 1);
    let slowest = start;
    for (let at = start; at < end; at++)
      if ((points[at]?.latencyNs ?? 0) > (points[slowest]?.latencyNs ?? 0)) slowest = at;
    kept
      .add(start)
      .add((start + end) >>> 1)
      .add(slowest);
  }
  return [...kept].sort((a, b) => a - b).flatMap((at) => points[at] ?? []);
}
