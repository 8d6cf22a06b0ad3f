/**
 * Makes and checks identities in a thread of its own, one job at a time: a hash takes tens of milliseconds, which the
 * event loop cannot spare.
 *
 * The thread starts with the first job, stays for the next ones, and does not keep the process alive while it has none.
 * After an error of the thread (`IDENTITY_THREAD_FAILED`, given to every job) the next job starts a new one. A job that
 * is aborted while it waits is taken out; one that runs can only be stopped with its thread, and the others then go on in
 * a new one.
 */
import { Worker } from 'node:worker_threads';

import { assert, errorMessage } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { GeneratedIdentity, IdentityRule } from '../../crypto/address-derivation.ts';
import { threadEntry } from '../../sys/thread-entry.ts';
import { identityError } from './errors.ts';
import type { IdentityAnswer, IdentityJob, PublicIdentity } from './job.ts';

/** Of every job. */
export interface JobOptions {
  /** Gives the job up: its promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** How many jobs wait or run at most: two seconds of checks. */
export const identityJobsMax = 64;

interface QueuedJob {
  readonly job: IdentityJob;
  readonly settle: (answer: IdentityAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The thread, as its owner sees it.
 *
 * @example
 * const thread = new IdentityThread();
 * const { identity } = await thread.generate();
 * await thread.close();
 */
export class IdentityThread {
  /** The first one runs where there is a worker. */
  readonly #queue: QueuedJob[] = [];
  /** Those that were told to end, and have not yet: `close` waits for them. */
  readonly #ending = new Set<Promise<unknown>>();
  #worker: Worker | null = null;
  #isClosed = false;

  /**
   * Makes a new identity: about a third of a second, several times that for an unlucky one.
   *
   * @throws IDENTITY_QUEUE_FULL, IDENTITY_THREAD_FAILED, the reason of the signal
   */
  async generate(options: JobOptions = {}): Promise<GeneratedIdentity> {
    const answer = await this.#run({ kind: 'generate' }, options.signal);
    assert(answer.kind === 'generated', 'an answer is of the kind of its job');
    return { identity: answer.identity, secretKey: new Secret(answer.secretKey) };
  }

  /**
   * The rule that an identity breaks; null where it is valid.
   *
   * @param identity - copied
   * @throws IDENTITY_QUEUE_FULL, IDENTITY_THREAD_FAILED, the reason of the signal
   */
  async brokenRule(
    { address, publicKey }: PublicIdentity,
    options: JobOptions = {},
  ): Promise<IdentityRule | null> {
    const identity = { address, publicKey: publicKey.slice() };
    const answer = await this.#run({ kind: 'check', identity }, options.signal);
    assert(answer.kind === 'checked', 'an answer is of the kind of its job');
    return answer.brokenRule;
  }

  /** Ends the thread and fails the jobs that are left with IDENTITY_THREAD_FAILED. Resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#failAll(threadFailed('it was closed'));
    this.#stop();
    await Promise.all(this.#ending);
  }

  #run(job: IdentityJob, signal: AbortSignal | undefined): Promise<IdentityAnswer> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#isClosed) throw threadFailed('it was closed');
      if (this.#queue.length === identityJobsMax)
        throw identityError(
          'IDENTITY_QUEUE_FULL',
          `${identityJobsMax} identities wait to be made or checked`,
          { remedy: 'wait for some of them, or give some up', details: { max: identityJobsMax } },
        );
      const onAbort = (): void => {
        this.#drop(queued);
        queued.fail(signal?.reason);
      };
      const queued: QueuedJob = {
        job,
        settle: (answer) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(answer);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', onAbort);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason of a signal is its owner's
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(queued);
      if (this.#queue.length === 1) this.#startFirst();
    });
  }

  /** Hands the first job to the thread, which is idle; starts one where there is none. */
  #startFirst(): void {
    const first = this.#queue[0];
    if (first === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#worker ??= this.#startWorker();
    this.#worker.ref();
    this.#worker.postMessage(first.job);
  }

  #startWorker(): Worker {
    const worker = new Worker(...threadEntry(import.meta.url, 'thread'));
    // What a worker says after it was given up is nobody's answer.
    const isCurrent = (): boolean => this.#worker === worker;
    worker.on('message', (answer: IdentityAnswer) => {
      if (!isCurrent()) return;
      this.#queue.shift()?.settle(answer);
      this.#startFirst();
    });
    worker.on('error', (error) => {
      if (!isCurrent()) return;
      this.#worker = null;
      this.#failAll(threadFailed(errorMessage(error), error));
    });
    worker.on('exit', (code) => {
      if (!isCurrent()) return;
      this.#worker = null;
      this.#failAll(threadFailed(`it exited with ${code}`));
    });
    return worker;
  }

  /** Takes an aborted job out of the queue, and where it runs its thread with it. */
  #drop(queued: QueuedJob): void {
    const at = this.#queue.indexOf(queued);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    if (at > 0) return;
    this.#stop();
    this.#startFirst();
  }

  #failAll(error: Error): void {
    for (const { fail } of this.#queue.splice(0)) fail(error);
  }

  #stop(): void {
    const ending = this.#worker?.terminate();
    this.#worker = null;
    if (ending === undefined) return;
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}

/** Runs one job in a thread that ends with it. */
async function inOwnThread<T>(body: (thread: IdentityThread) => Promise<T>): Promise<T> {
  const thread = new IdentityThread();
  try {
    return await body(thread);
  } finally {
    await thread.close();
  }
}

/** {@link IdentityThread.generate} in a thread that is gone when the promise settles, also after an abort. */
export function generateIdentityInWorker(options: JobOptions = {}): Promise<GeneratedIdentity> {
  return inOwnThread((thread) => thread.generate(options));
}

/** {@link IdentityThread.brokenRule} in a thread that is gone when the promise settles, also after an abort. */
export function validateInWorker(
  identity: PublicIdentity,
  options: JobOptions = {},
): Promise<IdentityRule | null> {
  return inOwnThread((thread) => thread.brokenRule(identity, options));
}

function threadFailed(why: string, cause?: unknown): Error {
  return identityError('IDENTITY_THREAD_FAILED', `the thread of identities ended: ${why}`, {
    remedy: 'try again; where it happens again, see whether memory is short: free -h',
    cause,
  });
}
