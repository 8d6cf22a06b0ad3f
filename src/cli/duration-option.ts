/** How long something is to last: `30m`, `12h`, `7d`, or `never`. */
import { optionError } from './options.ts';

const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Parses it: ms; null: never. */
export function duration(option: string, example: string): (value: string) => number | null {
  return (value) => {
    if (value === 'never') return null;
    const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(value) ?? [];
    const ms = Number(count) * (unitsMs[unit] ?? 0);
    if (ms > 0) return ms;
    throw optionError(option, value, 'minutes, hours or days, or never', example);
  };
}
