/**
 * Durations as text, for people. No digit is printed below the resolution of the run; where the unit is finer than
 * that, the places below are zeros that hold the place (at 20 µs, 1,237 µs reads 1240 µs).
 */
import type { Interval } from './quantile-interval.ts';
import { roundTo, stepOf } from './resolution.ts';

export type DurationUnit = 'ns' | 'us' | 'ms' | 's';

/** Finest first. */
const units: readonly {
  readonly unit: DurationUnit;
  readonly ns: number;
  readonly digits: number;
}[] = [
  { unit: 'ns', ns: 1, digits: 0 },
  { unit: 'us', ns: 1_000, digits: 3 },
  { unit: 'ms', ns: 1_000_000, digits: 6 },
  { unit: 's', ns: 1_000_000_000, digits: 9 },
];

/** What a unit is called in text. */
export const unitSymbols: Readonly<Record<DurationUnit, string>> = {
  ns: 'ns',
  us: 'µs',
  ms: 'ms',
  s: 's',
};

/**
 * The one unit for a table: that in which the median of its values reads 1 to 999, but none finer than the last digit
 * that may be shown.
 *
 * @param valuesNs - any order and sign, ns; may be empty; borrowed
 * @param resolutionNs - of the run
 */
export function unitFor(valuesNs: readonly number[], resolutionNs: number): DurationUnit {
  const sizes = valuesNs
    .map((value) => Math.abs(roundTo(value, resolutionNs)))
    .sort((a, b) => a - b);
  const typical = sizes[sizes.length >> 1] ?? 0;
  return unitOf(Math.max(typical, stepOf(resolutionNs)));
}

/**
 * A duration with its unit: `118 µs`, `−0.2 µs`.
 *
 * @param valueNs - ns
 * @param resolutionNs - of the run; 0 stands for whole nanoseconds
 * @param unit - that of the value's own size by default
 */
export function formatNs(
  valueNs: number,
  resolutionNs: number,
  unit: DurationUnit = unitFor([valueNs], resolutionNs),
): string {
  return `${formatNsBare(valueNs, resolutionNs, unit)} ${unitSymbols[unit]}`;
}

/** The same with a plus where it is above zero: `+115 µs`. For differences. */
export function formatSignedNs(
  valueNs: number,
  resolutionNs: number,
  unit: DurationUnit = unitFor([valueNs], resolutionNs),
): string {
  const sign = roundTo(valueNs, resolutionNs) > 0 ? '+' : '';
  return sign + formatNs(valueNs, resolutionNs, unit);
}

/** The number alone, for a column whose head names the unit. The minus is U+2212, as wide as a plus. */
export function formatNsBare(valueNs: number, resolutionNs: number, unit: DurationUnit): string {
  const { ns, digits } = entryOf(unit);
  const rounded = roundTo(valueNs, resolutionNs);
  const shown = Math.max(0, digits - Math.round(Math.log10(stepOf(resolutionNs))));
  const text = (Math.abs(rounded) / ns).toFixed(shown);
  // The resolution may be coarse and the unit coarser still, as asked for: then the digits round to nothing.
  return rounded < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** Both ends of an interval, without a unit: `[117, 119]`. */
export function formatIntervalBare(
  interval: Interval,
  resolutionNs: number,
  unit: DurationUnit,
): string {
  const low = formatNsBare(interval.low, resolutionNs, unit);
  return `[${low}, ${formatNsBare(interval.high, resolutionNs, unit)}]`;
}

function unitOf(sizeNs: number): DurationUnit {
  return units.findLast(({ ns }) => sizeNs >= ns)?.unit ?? 'ns';
}

function entryOf(unit: DurationUnit): (typeof units)[number] {
  return units.find((entry) => entry.unit === unit) as (typeof units)[number];
}
