/** A {@link Database} in a thread of its own, as its owner sees it. */
import { Worker } from 'node:worker_threads';

import { assert, errorMessage } from '../../base/errors.ts';
import type { AuditQuery } from '../../controller/access/audit-entry.ts';
import { threadEntry } from '../../sys/thread-entry.ts';
import { storeError } from './errors.ts';
import { storeRemedies } from './remedies.ts';
import type { FoundRows, RowChanges, StoredRows } from './rows.ts';
import type { StoreAnswer, StoreQuestion } from './thread-messages.ts';

type WithoutNumber<T> = T extends unknown ? Omit<T, 'number'> : never;

interface Waiting {
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The thread. It keeps no process alive. */
export class DatabaseThread {
  readonly #worker: Worker;
  /** By number; as many as the owner asks at a time. */
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;
  #ended: Error | null = null;

  constructor() {
    this.#worker = new Worker(...threadEntry(import.meta.url, 'thread'));
    this.#worker.unref();
    this.#worker.on('message', (answer: StoreAnswer) => {
      const waiting = this.#waiting.get(answer.number);
      this.#waiting.delete(answer.number);
      if (this.#waiting.size === 0) this.#worker.unref();
      waiting?.resolve(answer);
    });
    this.#worker.on('error', (error) => {
      this.#end(errorMessage(error));
    });
    this.#worker.on('exit', (code) => {
      this.#end(`it exited with ${code}`);
    });
  }

  /** Opens and reads it. @throws STORE_… as {@link Database.open} */
  async open(url: string, owner: string): Promise<StoredRows> {
    const answer = await this.#ask({ kind: 'open', url, owner });
    assert(answer.kind === 'opened', 'an answer is of the kind of its question');
    return answer.rows;
  }

  /** Reads one, and changes nothing. @throws STORE_… as {@link Database.find} */
  async find(url: string): Promise<FoundRows | null> {
    const answer = await this.#ask({ kind: 'find', url });
    assert(answer.kind === 'found', 'an answer is of the kind of its question');
    return answer.found;
  }

  /** @throws STORE_… as {@link Database.write} */
  async write(changes: RowChanges): Promise<void> {
    await this.#ask({ kind: 'write', changes });
  }

  /** Lines of the audit log as JSON. @throws STORE_… as {@link Database.audit} */
  async audit(query: AuditQuery): Promise<readonly string[]> {
    const answer = await this.#ask({ kind: 'audit', query });
    assert(answer.kind === 'audit', 'an answer is of the kind of its question');
    return answer.lines;
  }

  /** Closes the database after what was asked before, and ends the thread. Idempotent. */
  async close(): Promise<void> {
    if (this.#ended === null) await this.#ask({ kind: 'close' }).catch(() => undefined);
    await this.#worker.terminate();
  }

  async #ask(question: WithoutNumber<StoreQuestion>): Promise<StoreAnswer> {
    if (this.#ended !== null) throw this.#ended;
    const number = this.#number++;
    const answer = await new Promise<StoreAnswer>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ number, ...question });
    });
    if (answer.kind !== 'failed') return answer;
    throw storeError(answer.code, answer.message, { remedy: storeRemedies[answer.code] });
  }

  #end(why: string): void {
    this.#ended ??= storeError('STORE_UNAVAILABLE', `the thread of the database ended: ${why}`, {
      remedy: 'start the controller again; everything that was acknowledged is in the database',
    });
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
