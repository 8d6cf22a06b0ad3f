/** Tells listeners what has happened, and remembers the last of it for those who come back. */
import type { ApiEvent } from './service.ts';

/** Listeners at a time. */
export const listenersMax = 32;
/** Events that are remembered. */
export const rememberedMax = 1_024;

type Listener = (event: ApiEvent) => void;

/** See the head of this file. */
export class EventHub {
  readonly #wallMs: () => number;
  readonly #listeners = new Set<Listener>();
  /** The oldest first. */
  #remembered: ApiEvent[] = [];
  #lastId = 0;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  /** Something has happened. */
  emit(kind: ApiEvent['kind'], data: ApiEvent['data']): void {
    const event = { id: ++this.#lastId, at: Math.round(this.#wallMs()), kind, data };
    this.#remembered.push(event);
    if (this.#remembered.length > 2 * rememberedMax)
      this.#remembered = this.#remembered.slice(-rememberedMax);
    for (const listener of this.#listeners) listener(event);
  }

  /** @param after - the last that was heard of; null: only what comes. @returns what ends it; null: too many listen */
  listen(after: number | null, listener: Listener): (() => void) | null {
    if (this.#listeners.size >= listenersMax) return null;
    if (after !== null)
      for (const event of this.#remembered.slice(-rememberedMax))
        if (event.id > after) listener(event);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
