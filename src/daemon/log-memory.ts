/**
 * The last lines of the log, for those who look at it over the API: a log that hands each line on and keeps it for a while.
 * Lines of `debug` are not kept: where a network is busy they would be all that is left.
 */
import type { LogLineV1 } from '../api/schema/v1-node.ts';
import type { Clock } from '../base/clock.ts';
import { escapeText } from '../base/escape.ts';
import type { Log, LogFields, LogLevel } from './log.ts';

/** Lines that are kept. */
export const linesMax = 1_000;
/** Characters of a message, and of a field. */
const messageMax = 1_024;
const fieldMax = 512;

/** See the head of this file. */
export class MemoryLog implements Log {
  readonly #log: Log;
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #lines: LogLineV1[] = [];

  /** @param log - gets every line */
  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** The last lines, the oldest first; escaped, as somebody else's words may be in them. */
  last(limit: number): readonly LogLineV1[] {
    return this.#lines.slice(-limit);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log.info(message, fields);
    this.#keep('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log.warn(message, fields);
    this.#keep('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log.error(message, fields);
    this.#keep('error', message, fields);
  }

  #keep(level: LogLevel, message: string, fields: LogFields = {}): void {
    const shown = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? escapeText(value, fieldMax) : value,
    ]);
    this.#lines.push({
      at: Math.round(this.#clock.wallMs()),
      level,
      message: escapeText(message, messageMax),
      fields: Object.fromEntries(shown) as LogLineV1['fields'],
    });
    if (this.#lines.length > linesMax) this.#lines.shift();
  }
}
