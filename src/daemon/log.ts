/**
 * The log of a daemon: a fixed message with named fields a line, for people first and for `grep` too.
 *
 * `2026-11-22T20:15:03.123Z info  path learned  peer=1a2b3c4d5e endpoint=192.0.2.1/9993`
 */
import type { Clock } from '../base/clock.ts';
import { escapeText } from '../base/escape.ts';

/** Facts of one line. Text may come from anywhere: it is escaped. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** How much a line matters; `debug` is written only on request. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a daemon says what it does. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What making a log takes. */
export interface LogOptions {
  readonly clock: Clock;
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
  /** Lines of lower levels are not written. Default `info`. */
  readonly level?: LogLevel;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A log of lines of text. */
export function lineLog({ clock, write, level = 'info' }: LogOptions): Log {
  const lowest = levels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (levels.indexOf(name) < lowest) return;
      const time = new Date(clock.wallMs()).toISOString();
      const facts = Object.entries(fields).map(([key, value]) => ` ${key}=${fieldText(value)}`);
      write(`${time} ${name.padEnd(5)} ${message}${facts.length > 0 ? ' ' : ''}${facts.join('')}`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A value without spaces as it is, any other in quotation marks. */
function fieldText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const text = escapeText(value, 512);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
