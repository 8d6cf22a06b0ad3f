/** Parsers of option values. A wrong value is a usage error with an example, never a guess. */
import { Option } from 'commander';

import { nsPerS } from '../base/clock.ts';
import type { OverspanError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { cliError } from './errors.ts';

/** A usage error of one option. */
export function optionError(
  option: string,
  value: string,
  wanted: string,
  example: string,
): OverspanError {
  return cliError('OPTION_INVALID', `${option} takes ${wanted}, not "${escapeText(value)}"`, {
    remedy: `for example: ${option} ${example}`,
  });
}

/** A whole number within bounds. */
export function integer(
  option: string,
  min: number,
  max: number,
  example = String(min),
): (value: string) => number {
  return (value: string): number => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw optionError(option, value, `a whole number from ${min} to ${max}`, example);
  };
}

/** Seconds, with a fraction if need be; returned in ns. */
export function seconds(option: string, example: string, min = 0): (value: string) => number {
  return (value: string): number => {
    const number = Number(value);
    if (/^\d+(\.\d+)?$/.test(value) && number >= min && number <= 86_400)
      return Math.round(number * nsPerS);
    throw optionError(
      option,
      value,
      `seconds${min > 0 ? ' greater than 0' : ''}, at most a day`,
      example,
    );
  };
}

/** An option of seconds with a default, which is shown in seconds and handed on in ns. */
export function secondsOption(
  flags: string,
  description: string,
  defaultSeconds: number,
  min = 0,
): Option {
  const option = new Option(flags, description);
  return option
    .argParser(seconds(option.long ?? flags, String(defaultSeconds), min))
    .default(defaultSeconds * nsPerS, String(defaultSeconds));
}
