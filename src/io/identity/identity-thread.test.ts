/** The thread that makes and checks identities, and its end. */
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';

import { testIdentity } from '../../../test/vectors/identities.ts';
import { isValidIdentity, ownsIdentity } from '../../wire/identity.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import {
  generateIdentityInWorker,
  identityJobsMax,
  IdentityThread,
  validateInWorker,
} from './identity-thread.ts';
import type { PublicIdentity } from './job.ts';

const right = testIdentity(0).identity;
const wrong: PublicIdentity = { ...right, address: testIdentity(1).identity.address };

const threads: IdentityThread[] = [];
function newThread(): IdentityThread {
  const thread = new IdentityThread();
  threads.push(thread);
  return thread;
}
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
  expect(runningThreads()).toBe(0);
});

/** Workers of this process that are not gone, busy or idle. */
function runningThreads(): number {
  return (process.report.getReport() as { readonly workers: readonly unknown[] }).workers.length;
}

describe('the thread of identities', () => {
  it('makes valid identities, another one each time', async () => {
    const thread = newThread();
    const [a, b] = await Promise.all([thread.generate(), thread.generate()]);
    expect(a.identity.address).not.toBe(b.identity.address);
    const provider = nodeProvider();
    for (const made of [a, b]) {
      expect(isValidIdentity(provider, made.identity)).toBe(true);
      expect(ownsIdentity(provider, made)).toBe(true);
    }
    expect(JSON.stringify(a)).toContain('"secretKey":"[redacted]"');
  });

  it.skipIf(process.platform !== 'linux')(
    'gives way to the thread that moves packets',
    async () => {
      const before = getPriority();
      const thread = newThread();
      await thread.brokenRule(right);
      const priorities = readdirSync('/proc/self/task').map((id) => [
        Number(id),
        getPriority(Number(id)),
      ]);
      expect(priorities.filter(([, priority]) => priority === 10)).toHaveLength(1);
      expect(priorities.find(([id]) => id === process.pid)).toEqual([process.pid, before]);
    },
  );

  it('leaves the event loop free, and the identity that it checks to its owner', async () => {
    const thread = newThread();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const results = await Promise.all([
      thread.brokenRule(right),
      thread.brokenRule(wrong),
      thread.brokenRule(right),
    ]);
    clearInterval(timer);
    expect(results).toEqual([null, 'wrong-address', null]);
    expect(turns).toBeGreaterThan(10);
    expect(right.publicKey).toEqual(testIdentity(0).identity.publicKey);
  });

  it('gives up what is aborted: waiting, running, or before it began', async () => {
    const thread = newThread();
    const running = new AbortController();
    const waiting = new AbortController();
    const jobs = [
      thread.generate({ signal: running.signal }),
      thread.brokenRule(right, { signal: waiting.signal }),
      thread.brokenRule(wrong),
    ];
    waiting.abort(new Error('not wanted'));
    running.abort(new Error('too long'));
    const [first, second, third] = await Promise.allSettled(jobs);
    expect(first).toMatchObject({ reason: { message: 'too long' } });
    expect(second).toMatchObject({ reason: { message: 'not wanted' } });
    expect(third).toMatchObject({ value: 'wrong-address' });
    await expect(thread.generate({ signal: running.signal })).rejects.toThrow('too long');
    // What was aborted too late was done.
    expect(await thread.brokenRule(right)).toBeNull();
  });

  it('keeps a bounded number waiting', async () => {
    const thread = newThread();
    const stops = Array.from({ length: identityJobsMax }, () => new AbortController());
    const jobs = stops.map(({ signal }) => thread.brokenRule(right, { signal }));
    await expect(thread.brokenRule(right)).rejects.toMatchObject({ code: 'IDENTITY_QUEUE_FULL' });
    for (const stop of stops) stop.abort();
    const settled = await Promise.allSettled(jobs);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await thread.brokenRule(right)).toBeNull();
  });

  it('fails its jobs when it breaks, and starts again with the next', async () => {
    const thread = newThread();
    const broken = { ...right, publicKey: new Uint8Array(1) };
    const jobs = await Promise.allSettled([thread.brokenRule(broken), thread.brokenRule(right)]);
    for (const job of jobs)
      expect(job).toMatchObject({
        reason: {
          code: 'IDENTITY_THREAD_FAILED',
          message: expect.stringContaining('a public key is 64 bytes') as string,
        },
      });
    expect(await thread.brokenRule(right)).toBeNull();
  });

  it('ends when it is closed, with its jobs, as often as that is done', async () => {
    const thread = newThread();
    await thread.brokenRule(right);
    expect(runningThreads()).toBe(1);
    const job = thread.generate();
    const failed = expect(job).rejects.toMatchObject({ code: 'IDENTITY_THREAD_FAILED' });
    await Promise.all([thread.close(), thread.close()]);
    await failed;
    expect(runningThreads()).toBe(0);
    await expect(thread.brokenRule(right)).rejects.toMatchObject({
      code: 'IDENTITY_THREAD_FAILED',
    });
  });
});

describe('one job in a thread of its own', () => {
  it('leaves no thread behind', async () => {
    expect(await validateInWorker(wrong)).toBe('wrong-address');
    expect(runningThreads()).toBe(0);
  });

  it('leaves none behind when it is aborted', async () => {
    const stop = new AbortController();
    const job = generateIdentityInWorker({ signal: stop.signal });
    // It runs from a moment on, which is before it can be done.
    while (runningThreads() === 0) await nextTurn();
    stop.abort();
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    expect(runningThreads()).toBe(0);
  });
});
