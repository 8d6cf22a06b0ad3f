/** Waiting for what daemons do in their own time. */
import { setTimeout as delay } from 'node:timers/promises';

import { nsPerMs } from '../../base/clock.ts';
import { errorCode } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { systemClock } from '../../sys/clock.ts';
import type { Daemon } from '../lab/daemon.ts';
import { labError } from '../lab/errors.ts';
import type { LabHost } from '../lab/host.ts';
import { engineError } from './errors.ts';

/** How often it is looked, ms. */
const pollMs = 20;

export interface WaitOptions {
  /** In words, after "waited for": `the network on host a`. */
  readonly what: string;
  /** Those that it depends on: when one ends there is nothing to wait for. */
  readonly daemons: readonly Daemon[];
  readonly signal: AbortSignal | undefined;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * Looks again and again until there is something.
 *
 * @throws ENGINE_DAEMON_ENDED, ENGINE_NOT_READY with the end of what the daemons said; LAB_INTERRUPTED
 */
export async function untilReady<T>(
  { what, daemons, signal, timeoutMs = 30_000 }: WaitOptions,
  look: () => Promise<T | null>,
): Promise<T> {
  const endNs = systemClock.nowNs() + timeoutMs * nsPerMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    const ended = daemons.find((daemon) => daemon.ending() !== null);
    if (ended !== undefined)
      throw engineError(
        'ENGINE_DAEMON_ENDED',
        `${shown(ended)} ended ${ended.ending() ?? ''}: ${lastWords(ended)}`,
        { remedy: 'run `overspan doctor`, which says what this machine lacks' },
      );
    if (signal?.aborted === true) throw interrupted(what);
    if (systemClock.nowNs() > endNs) {
      const said = daemons.map((daemon) => `; ${shown(daemon)} said: ${lastWords(daemon)}`);
      throw engineError(
        'ENGINE_NOT_READY',
        `waited ${timeoutMs / 1000} s for ${what}${said.join('')}`,
        { remedy: 'try again when the machine is less busy' },
      );
    }
    await delay(pollMs);
  }
}

/** The error of what was stopped by its signal. */
export function interrupted(what: string): Error {
  return labError('LAB_INTERRUPTED', `stopped while waiting for ${what}`, {
    remedy: 'run the command again',
    details: { step: what },
  });
}

/** Attempts of {@link untilReachable}, a quarter of a second each. */
const attemptsMax = 120;

/** A refusal comes from the other host as well as an answer would. */
const knock = `const { connect } = require('node:net');
const [address, attempts] = process.argv.slice(1);
const attempt = (left) => {
  if (left === 0) process.exit(1);
  const socket = connect(1, address, () => process.exit(0));
  const timer = setTimeout(() => socket.destroy(), 250);
  socket.on('error', ({ code }) => code === 'ECONNREFUSED' && process.exit(0));
  socket.on('close', () => { clearTimeout(timer); setTimeout(attempt, 20, left - 1); });
};
attempt(Number(attempts));`;

/**
 * Waits until packets go from one host to an address of another and back, by knocking at a closed port.
 *
 * @throws ENGINE_DAEMON_ENDED, ENGINE_NOT_READY, LAB_INTERRUPTED
 */
export async function untilReachable(
  from: LabHost,
  address: string,
  { what, daemons, signal }: WaitOptions,
): Promise<void> {
  const argv = [process.execPath, '-e', knock, address, String(attemptsMax)];
  try {
    await from.run(argv, { timeoutMs: 60_000, signal });
  } catch (error) {
    if (errorCode(error) === 'COMMAND_MISSING') throw error;
    // Says which of the daemons has ended, or what they said last.
    await untilReady({ what, daemons, signal, timeoutMs: 0 }, () => Promise.resolve(null));
  }
}

function shown({ name, host }: Daemon): string {
  return `${name} on host ${host.name}`;
}

function lastWords(daemon: Daemon): string {
  const said = daemon.said().trim().split('\n').slice(-4).join('; ');
  return said === '' ? 'nothing' : escapeText(said.slice(-600), 600);
}
