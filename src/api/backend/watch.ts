/** Events of a service that tells none: by looking again and again, while somebody listens. */
import { errorMessage, OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import type { EventHub } from '../v1/event-hub.ts';
import type { ApiEvent } from '../v1/service.ts';
import { differences, type Look } from './look.ts';

/** How it is watched. */
export interface WatchOptions {
  /** Looks. @param before - the last look. @throws where the service cannot be asked: it is tried again */
  readonly look: (before: Look | null) => Promise<Look>;
  /** From the end of a look to the next one, ms. */
  readonly everyMs: number;
  /** Resolves after so long, ms; rejects when the signal says so. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly events: EventHub;
  /** Told of what is a bug. */
  readonly log: (message: string) => void;
}

/** See the head of this file. */
export class ServiceWatch {
  readonly #options: WatchOptions;
  #listeners = 0;
  #running: AbortController | null = null;
  /** Kept while nobody listens: what has changed meanwhile is told to who comes back. */
  #last: Look | null = null;
  /** What was told to the log last: what fails every time is told once. */
  #lastFailure = '';

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Null: too many listen. @returns what ends it; may be called again */
  listen(after: number | null, onEvent: (event: ApiEvent) => void): (() => void) | null {
    const end = this.#options.events.listen(after, onEvent);
    if (end === null) return null;
    this.#listeners++;
    if (this.#running === null) {
      this.#running = new AbortController();
      void this.#run(this.#running.signal);
    }
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      end();
      if (--this.#listeners > 0) return;
      this.#running?.abort();
      this.#running = null;
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { everyMs, wait } = this.#options;
    while (!signal.aborted) {
      await this.#lookAgain(signal);
      try {
        await wait(everyMs, signal);
      } catch {
        return;
      }
    }
  }

  async #lookAgain(signal: AbortSignal): Promise<void> {
    const { look, events } = this.#options;
    let found: Look;
    try {
      found = await look(this.#last);
    } catch (error) {
      // It is away, or has no time: who asks it something is told why. Or the program is told to stop.
      if (!(error instanceof OverspanError) && !isAbort(error)) this.#log(error);
      return;
    }
    if (signal.aborted) return;
    const before = this.#last;
    this.#last = found;
    if (before !== null)
      for (const { kind, data } of differences(before, found)) events.emit(kind, data);
  }

  #log(error: unknown): void {
    const failure = escapeText(errorMessage(error), 1_024);
    if (failure !== this.#lastFailure)
      this.#options.log(`looking at the service failed: ${failure}`);
    this.#lastFailure = failure;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
