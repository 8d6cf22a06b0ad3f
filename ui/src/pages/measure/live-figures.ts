/** Figures of a run that goes on: one unit for all of them, as in the report. */
import type { RunLivePath } from '../../../../src/api/schema/run.ts';
import {
  formatNs,
  unitFor,
  type DurationUnit,
} from '../../../../src/harness/stats/duration-format.ts';
import { strings } from '../../strings.ts';

/** Finer digits are not shown before the calibration says what they are worth. */
const finestNs = 100;

const units: Readonly<Record<DurationUnit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** ns in a unit. */
export function nsIn(unit: DurationUnit): number {
  return units[unit];
}

/** The unit for the latencies of all paths. */
export function unitOf(paths: readonly RunLivePath[]): DurationUnit {
  const medians = paths.flatMap(({ p50Ns, curve }) => p50Ns ?? curve[0]?.latencyNs ?? []);
  return unitFor(medians, finestNs);
}

/** `237.4 µs`, or what it takes. @param needs - samples */
export function figureText(valueNs: number | null, unit: DurationUnit, needs: number): string {
  return valueNs === null
    ? strings.measure.needs(String(needs))
    : formatNs(valueNs, finestNs, unit);
}

/** `1 min 20 s`: how long something takes yet, to the second; minutes alone where it is long. */
export function leftText(ns: number): string {
  const { seconds, minutes, minutesAndSeconds } = strings.measure.span;
  const whole = Math.max(1, Math.ceil(ns / 1e9));
  if (whole < 60) return seconds(whole);
  const min = Math.floor(whole / 60);
  return min >= 10 ? minutes(min) : minutesAndSeconds(min, whole % 60);
}
