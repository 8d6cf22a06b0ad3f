/** Looking at a service while somebody listens, where the look itself fails. */
import { describe, expect, it } from 'vitest';

import { apiError } from '../errors.ts';
import { EventHub } from '../v1/event-hub.ts';
import type { Look } from './look.ts';
import { ServiceWatch } from './watch.ts';

const looked = (isOnline: boolean): Look => ({
  ...{ networks: new Map(), members: new Map(), joined: new Map(), paths: new Set<string>() },
  ...{ isOnline, lastTurn: '' },
});

/** Looks in turn, and what came of them when all were made. */
async function watched(
  looks: readonly (Look | Error)[],
): Promise<{ readonly told: readonly string[]; readonly logged: readonly string[] }> {
  const [left, told, logged]: [(Look | Error)[], string[], string[]] = [[...looks], [], []];
  let isOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const watch = new ServiceWatch({
    look: () => {
      const next = left.shift()!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    everyMs: 1,
    wait: () => {
      if (left.length > 0) return Promise.resolve();
      isOver();
      return Promise.reject(new Error('stopped'));
    },
    events: new EventHub(() => 0),
    log: (message) => logged.push(message),
  });
  const end = watch.listen(null, ({ kind }) => told.push(kind))!;
  await over;
  end();
  return { told, logged };
}

describe('a look that fails', () => {
  it('is told to the log once where it is a bug, and made again', async () => {
    const bug = new TypeError('no such\nproperty');
    expect(await watched([looked(true), bug, bug, looked(false)])).toEqual({
      told: ['online'],
      logged: ['looking at the service failed: no such\\u{a}property'],
    });
  });

  it('is no news where the service is away, or where the program is told to stop', async () => {
    const away = apiError('DAEMON_NOT_RUNNING', 'away', { remedy: 'none' });
    const stopped = new DOMException('This operation was aborted', 'AbortError');
    expect(await watched([away, stopped])).toEqual({ told: [], logged: [] });
  });
});
