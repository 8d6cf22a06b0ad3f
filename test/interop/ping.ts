/** Echo requests, by `echo.py`: any host of a lab can send them. */
import { join } from 'node:path';

import { must } from './wait.ts';

/** How to ping. */
export interface PingOptions {
  /** Default 5. */
  readonly count?: number;
  /** Default 0.2. */
  readonly intervalSeconds?: number;
  /** Of the payload. Default 56. */
  readonly bytes?: number;
  /** For answers, after the last request. Default 2. */
  readonly waitSeconds?: number;
  /** Ends when so many were answered. Default: all. */
  readonly answers?: number;
  /** For an address that more than one host has. */
  readonly device?: string;
}

/** What `echo.py` prints. */
export interface Pings {
  readonly sent: number;
  /** Requests that somebody answered. */
  readonly received: number;
  /** When the first answer came, by this machine's clock. */
  readonly first_unix_ms: number | null;
  readonly rtt_ms: readonly number[];
  /** Who answered. */
  readonly sources: readonly string[];
  /** Of the last request that could not be sent. */
  readonly failure: string | null;
}

/** What can ping. */
export interface Pinger {
  ping(address: string, options?: PingOptions): Promise<Pings>;
}

/**
 * Pings ten times a second until it is answered.
 *
 * @returns the seconds until then, from the call on
 * @throws Failure after `secondsMax`
 */
export async function untilAnswered(
  from: Pinger,
  address: string,
  secondsMax: number,
): Promise<number> {
  const beganMs = Date.now();
  const count = 10 * secondsMax;
  const pings = await from.ping(address, { count, intervalSeconds: 0.1, answers: 1 });
  must(pings.first_unix_ms !== null, `no answer in ${secondsMax} s`);
  return (pings.first_unix_ms - beganMs) / 1_000;
}

/** Pings. @param run - runs a command on the host that sends, and gives what it printed */
export async function ping(
  run: (...words: readonly string[]) => Promise<string>,
  address: string,
  options: PingOptions = {},
): Promise<Pings> {
  const { count = 5, intervalSeconds = 0.2, bytes = 56, waitSeconds = 2, device } = options;
  const { answers = count } = options;
  const numbers = [count, intervalSeconds, bytes, waitSeconds, answers].map(String);
  const words = [...numbers, ...(device === undefined ? [] : [device])];
  const script = join(import.meta.dirname, 'echo.py');
  return JSON.parse(await run('python3', script, address, ...words)) as Pings;
}
