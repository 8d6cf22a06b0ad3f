/**
 * A controller's {@link Store} in a database. Changes are written in transactions, one after the other, each with all that
 * came meanwhile; `flushed` says when what was saved until now is on the disk, which is when a command is acknowledged.
 *
 * Where the database does not answer, changes wait in memory, the last one of each record, and are tried again every
 * second; who waits for them is told at once. Where another controller has taken the database over nothing is written any
 * more.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { errorCode, errorMessage } from '../../base/errors.ts';
import { formatAddress, type Address } from '../../base/ids.ts';
import type { AuditEntry, AuditQuery } from '../../controller/access/audit-entry.ts';
import {
  emptyState,
  type DurableStore,
  type StoreChange,
  type StoredState,
} from '../../controller/store.ts';
import { DatabaseThread } from './database-thread.ts';
import { PendingChanges } from './pending-changes.ts';
import { auditEntry, storedState } from './records.ts';
import type { StoredRows } from './rows.ts';
import { isFile } from './store-url.ts';

/** How long until it is tried again, ms. */
const retryMs = 1_000;

/** How it is opened. */
export interface SqlStoreOptions {
  /** A path, or `postgres://…`. */
  readonly url: string;
  /** The controller whose networks it holds. */
  readonly owner: Address;
  /** Gets a sentence when writing fails, and when it works again. */
  readonly log: (message: string) => void;
}

interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The store. */
export class SqlStore implements DurableStore {
  readonly #options: SqlStoreOptions;
  readonly #closing = new AbortController();
  #state: StoredState = emptyState;
  #thread: DatabaseThread | null = null;
  #pending = new PendingChanges();
  #savedCount = 0;
  #writtenCount = 0;
  /** Of commands that wait; as many as the API lets in. */
  #waiters: Waiter[] = [];
  #running: Promise<void> | null = null;
  /** Why nothing can be written any more. */
  #fatal: unknown = null;

  private constructor(options: SqlStoreOptions) {
    this.#options = options;
  }

  /** Opens it and reads everything; a file that is not there is made when there is something to write. @throws STORE_… */
  static async open(options: SqlStoreOptions): Promise<SqlStore> {
    const store = new SqlStore(options);
    const { url } = options;
    if (isFile(url) && !existsSync(url)) return store;
    const { thread, rows } = await store.#connect();
    try {
      store.#state = storedState(rows);
      return store;
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  load(): StoredState {
    return this.#state;
  }

  save(change: StoreChange): void {
    // Whoever loads has done so; records that are replaced are nobody's to keep.
    this.#state = emptyState;
    this.#pending.add(change);
    this.#savedCount++;
    this.#running ??= this.#run();
  }

  async flushed(): Promise<void> {
    if (this.#writtenCount === this.#savedCount) return;
    if (this.#fatal !== null) throw this.#fatal as Error;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ count: this.#savedCount, resolve, reject });
    });
  }

  async audit(query: AuditQuery): Promise<readonly AuditEntry[]> {
    const lines = (await this.#thread?.audit(query)) ?? [];
    return lines.map(auditEntry);
  }

  /** Writes what is left, where it can, and ends the thread. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    while (this.#running !== null) await this.#running;
    await this.#thread?.close();
  }

  async #connect(): Promise<{ readonly thread: DatabaseThread; readonly rows: StoredRows }> {
    const { url, owner } = this.#options;
    const thread = new DatabaseThread();
    try {
      const rows = await thread.open(url, formatAddress(owner));
      this.#thread = thread;
      return { thread, rows };
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  async #run(): Promise<void> {
    // All that is saved in the same turn is written together.
    await Promise.resolve();
    let isFailing = false;
    while (!this.#pending.isEmpty && this.#fatal === null) {
      const changes = this.#pending;
      const count = this.#savedCount;
      this.#pending = new PendingChanges();
      try {
        const thread = this.#thread ?? (await this.#connect()).thread;
        await thread.write(changes.rows());
        this.#writtenCount = count;
        this.#settle(count, null);
        if (isFailing) this.#options.log('the database of the controller is written again');
        isFailing = false;
      } catch (error) {
        changes.followedBy(this.#pending);
        this.#pending = changes;
        if (!isFailing)
          this.#options.log(
            `the database of the controller is not written: ${errorMessage(error)}`,
          );
        isFailing = true;
        if (errorCode(error) === 'STORE_TAKEN') this.#fatal = error;
        this.#settle(this.#savedCount, error);
        if (this.#closing.signal.aborted) break;
        if (this.#fatal === null)
          await sleep(retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    this.#running = null;
  }

  /** Answers those who wait for the first changes. */
  #settle(count: number, error: unknown): void {
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.count > count);
    for (const waiter of waiters)
      if (waiter.count <= count) {
        if (error === null) waiter.resolve();
        else waiter.reject(error);
      }
  }
}
