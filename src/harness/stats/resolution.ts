/**
 * The resolution of a run: the duration below which it claims nothing and prints no digit.
 *
 * It comes from an A/A pair, two names for one path: whatever difference the harness finds there is its own.
 */
import { assert } from '../../base/errors.ts';
import type { Interval } from './quantile-interval.ts';

/**
 * The smallest of 1, 2, 5, 10, 20, 50, … ns that no bound of the A/A difference exceeds, nor the step of the clock.
 *
 * @param aaDifference - the interval of the difference within the A/A pair, ns
 * @param clockStepNs - the smallest step of the clock, ns
 */
export function resolutionFrom(aaDifference: Interval, clockStepNs: number): number {
  const needed = Math.max(Math.abs(aaDifference.low), Math.abs(aaDifference.high), clockStepNs);
  assert(Number.isFinite(needed), 'a resolution comes from finite bounds');
  for (let decade = 1; ; decade *= 10) {
    for (const digit of [1, 2, 5]) if (digit * decade >= needed) return digit * decade;
  }
}

/**
 * The unit of the last digit that may be shown: the resolution with its leading digit made 1. At 2 µs that is 1 µs.
 *
 * @param resolutionNs - ns; below 1 it counts as 1, since durations are whole nanoseconds
 */
export function stepOf(resolutionNs: number): number {
  assert(Number.isFinite(resolutionNs), 'a resolution is finite');
  let step = 1;
  while (step * 10 <= resolutionNs) step *= 10;
  return step;
}

/** The value rounded to {@link stepOf} the resolution, halves away from zero; never −0. */
export function roundTo(valueNs: number, resolutionNs: number): number {
  const step = stepOf(resolutionNs);
  return Math.sign(valueNs) * Math.round(Math.abs(valueNs) / step) * step + 0;
}

/** The same, away from zero: for a bound that must still hold when it is read. */
export function roundOutTo(valueNs: number, resolutionNs: number): number {
  const step = stepOf(resolutionNs);
  return Math.sign(valueNs) * Math.ceil(Math.abs(valueNs) / step) * step + 0;
}
