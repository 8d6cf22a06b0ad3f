/**
 * Writes what the node wants kept, one file after another and off the packet path. Of a file that changes faster than the
 * disk takes it only the last content is written; a file that cannot be written is reported, and the node goes on.
 */
import { errorMessage } from '../base/errors.ts';
import type { Home } from './home.ts';
import type { Log } from './log.ts';

/** Files that wait at most; more are refused and reported: a node has not so many. */
export const pendingFilesMax = 4_096;

/** The queue of one home. */
export class HomeWriter {
  readonly #home: Pick<Home, 'persist'>;
  readonly #log: Log;
  /** What each file is to hold; null: it is to be removed. */
  readonly #pending = new Map<string, Uint8Array | null>();
  #running: Promise<void> | null = null;

  constructor(home: Pick<Home, 'persist'>, log: Log) {
    this.#home = home;
    this.#log = log;
  }

  /** Has a file written, or removed. @param bytes - kept until it is written */
  put(name: string, bytes: Uint8Array | null): void {
    if (!this.#pending.has(name) && this.#pending.size >= pendingFilesMax) {
      this.#log.warn('a file was not kept: too many wait', { file: name });
      return;
    }
    this.#pending.set(name, bytes);
    this.#running ??= this.#run();
  }

  /** Resolves when everything that was put is written. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const next = this.#pending.entries().next();
      if (next.done === true) break;
      const [name, bytes] = next.value;
      this.#pending.delete(name);
      try {
        await this.#home.persist(name, bytes);
      } catch (error) {
        this.#log.warn('a file was not kept', { file: name, error: errorMessage(error) });
      }
    }
    this.#running = null;
  }
}
