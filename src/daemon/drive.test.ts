/** The loop between a node and the world, with a node that does what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { testIdentity } from '../../test/vectors/identities.ts';
import type { NodeEvent } from '../core/events.ts';
import type { Node } from '../core/node.ts';
import type { Now } from '../core/ports.ts';
import type { Identity } from '../wire/identity.ts';
import { Drive, validationsMax, type DriveOptions } from './drive.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a test sees of a driven node, in the order in which it happened. */
interface Scene {
  readonly drive: Drive;
  readonly log: string[];
  readonly datagrams: { count: number; clear: () => void };
  readonly frames: { count: number; clear: () => void };
  readonly events: NodeEvent[];
  readonly validations: Identity[];
  /** When the node wants to be woken, ms. */
  nextMs: number;
}

function scene(options: Partial<DriveOptions> = {}): Scene {
  const log: string[] = [];
  const queue = (): Scene['frames'] => ({
    count: 0,
    clear(): void {
      this.count = 0;
    },
  });
  const it: Omit<Scene, 'drive'> & { drive?: Drive } = {
    log,
    datagrams: queue(),
    frames: queue(),
    events: [],
    validations: [],
    nextMs: Infinity,
  };
  const node = {
    datagrams: it.datagrams,
    frames: it.frames,
    takeEvents: () => it.events.splice(0),
    takeValidation: () => it.validations.shift() ?? null,
    nextTimeoutMs: () => it.nextMs,
    handleTimeout: ({ monoMs }: Now) => {
      log.push(`timeout at ${monoMs}`);
      it.nextMs = Infinity;
    },
    handleValidation: (_now: Now, { address }: Identity, isValid: boolean) => {
      log.push(`validation ${address} ${isValid}`);
    },
  };
  it.drive = new Drive({
    node: node as unknown as Node,
    clock: { nowNs: () => Date.now() * 1e6, wallMs: () => 0 },
    send: ({ count }) => log.push(`send ${count}`),
    write: ({ count }) => log.push(`write ${count}`),
    onEvent: ({ kind }) => log.push(kind),
    validate: () => Promise.resolve(true),
    onValidationError: (error) => log.push(String(error)),
    ...options,
  });
  vi.setSystemTime(1_000);
  return it as Scene;
}

describe('the loop', () => {
  it('does what the node wants after each input: datagrams, frames, events', () => {
    const { drive, log, datagrams, frames, events } = scene();
    drive.run(() => {
      log.push('input');
      datagrams.count = 2;
      frames.count = 3;
      events.push({ kind: 'online', isOnline: true });
    });
    drive.run(() => log.push('second'));
    expect(log).toEqual(['input', 'send 2', 'write 3', 'online', 'second']);
  });

  it('does an input that comes of an event after the drain, never within it', () => {
    const it: Scene = scene({
      onEvent: () => {
        it.log.push('event');
        it.drive.run(() => {
          it.log.push('input of the event');
          it.datagrams.count = 1;
        });
        it.log.push('end of the event');
      },
    });
    it.drive.run(() => it.events.push({ kind: 'online', isOnline: true }));
    expect(it.log).toEqual(['event', 'end of the event', 'input of the event', 'send 1']);
  });

  it('wakes the node when that is due, not before and not twice', () => {
    const it = scene();
    it.nextMs = 1_050.4;
    it.drive.run(() => undefined);
    it.nextMs = 1_080;
    it.drive.run(() => undefined);
    vi.advanceTimersByTime(60);
    expect(it.log).toEqual([]);
    vi.advanceTimersByTime(30);
    expect(it.log).toEqual(['timeout at 1080']);
    it.nextMs = 1_200;
    it.drive.run(() => undefined);
    it.nextMs = 1_100;
    it.drive.run(() => undefined);
    vi.advanceTimersByTime(1_000);
    expect(it.log).toEqual(['timeout at 1080', 'timeout at 1100']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('drains the node also where a command throws, and hands the error on', () => {
    const { drive, log, datagrams } = scene();
    expect(() =>
      drive.command(() => {
        datagrams.count = 1;
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(log).toEqual(['send 1']);
    expect(drive.command(() => 7)).toBe(7);
  });

  it('has a bounded number of identities checked at a time, and says what came of each', async () => {
    const answers: ((isValid: boolean) => void)[] = [];
    const it = scene({ validate: () => new Promise((resolve) => answers.push(resolve)) });
    const { address } = testIdentity(0).identity;
    for (let i = 0; i <= validationsMax; i++) it.validations.push(testIdentity(0).identity);
    it.drive.run(() => undefined);
    expect([answers.length, it.validations.length]).toEqual([validationsMax, 1]);
    answers[0]?.(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(it.log).toEqual([`validation ${address} false`]);
    expect([answers.length, it.validations.length]).toEqual([validationsMax + 1, 0]);
  });

  it('believes nobody whose identity could not be checked', async () => {
    const it = scene({ validate: () => Promise.reject(new Error('thread gone')) });
    const { identity } = testIdentity(0);
    it.validations.push(identity);
    it.drive.run(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(it.log).toEqual(['Error: thread gone', `validation ${identity.address} false`]);
  });

  it('does nothing any more when it is closed', () => {
    const it = scene();
    it.nextMs = 1_010;
    it.drive.run(() => undefined);
    it.drive.close();
    it.drive.run(() => it.log.push('input'));
    vi.advanceTimersByTime(100);
    expect([it.log, vi.getTimerCount()]).toEqual([[], 0]);
  });
});
