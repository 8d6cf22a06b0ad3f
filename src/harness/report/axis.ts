/**
 * What every drawing of latencies has in common: the axis, its ticks, and how paths are told apart. The report draws with it, and the
 * page that shows a run while it goes on, so that both look alike. No unit of a drawing, no DOM.
 */
import type { CurvePoint } from './curve.ts';

/**
 * Okabe and Ito's colours, darker on white and lighter on black, so that they stay apart for every kind of colour vision. More
 * paths begin again, and differ by their dashes.
 */
export const pathColours = {
  light: ['#0063a0', '#c04a00', '#00785a', '#a03a7a', '#8a6100', '#3d3d3d'],
  dark: ['#56b4e9', '#ff8f4d', '#2fc59b', '#e39cc6', '#f0c443', '#d0d0d0'],
} as const;

/** For whoever cannot tell the colours apart. */
export const dashes: readonly string[] = ['none', '7 3', '2 3', '9 3 2 3', '5 2', '1 4'];

/** The dashes of a path. */
export function dashOf(index: number): string {
  return dashes[index % dashes.length] ?? 'none';
}

/** Beyond this the curve is a flat line, and the tail has a plot of its own. */
export const curveRatioMax = 0.999;

/**
 * The least and the greatest latency to show: the curves up to a share of the samples.
 *
 * @param perNs - ns of the unit in which they come out
 */
export function latencyDomain(
  curves: readonly (readonly CurvePoint[])[],
  perNs: number,
  ratioMax: number,
): readonly [number, number] {
  const shown = curves.flatMap((curve) => curve.filter(({ ratio }) => ratio <= ratioMax));
  const all = shown.length > 0 ? shown : curves.flat();
  const values = all.map(({ latencyNs }) => latencyNs / perNs);
  if (values.length === 0) return [1, 10];
  const low = Math.max(1 / perNs, Math.min(...values));
  // A path without any spread still needs an axis.
  return [low * 0.94, Math.max(...values, low * 1.2) * 1.06];
}

/** 1-2-5 steps within the domain; finer where that gives fewer than three, coarser where it gives too many. */
export function logTicks(low: number, high: number, countMax: number): number[] {
  const ladders = [
    [1],
    [1, 3],
    [1, 2, 5],
    [1, 1.5, 2, 3, 5, 7],
    [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
  ];
  const ticksOf = (ladder: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++)
      for (const step of ladder) ticks.push(step * 10 ** decade);
    return ticks.filter((tick) => tick >= low && tick <= high);
  };
  const candidates = ladders.map(ticksOf).filter(({ length }) => length <= countMax);
  return candidates.at(-1) ?? [low, high];
}

/** A tick in words: three digits are enough. */
export function tickText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
