/** Things that happened, each with its time, and waiting for the first one of a kind. */

/** Milliseconds of CLOCK_MONOTONIC, which all programs of this machine share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** See the head of this file. */
export class Timeline<T> {
  readonly #entries: T[] = [];
  readonly #watchers = new Set<() => void>();

  get entries(): readonly T[] {
    return this.#entries;
  }

  push(entry: T): void {
    this.#entries.push(entry);
    for (const watcher of this.#watchers) watcher();
  }

  /** The first entry that matches, from now on or before; null: none came in time. */
  first(matches: (entry: T) => boolean, withinMs: number): Promise<T | null> {
    return new Promise((resolve) => {
      let looked = 0;
      const look = (): void => {
        while (looked < this.#entries.length) {
          const entry = this.#entries[looked++] as T;
          if (matches(entry)) {
            settle(entry);
            return;
          }
        }
      };
      const settle = (entry: T | null): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(entry);
      };
      const timer = setTimeout(settle, withinMs, null);
      this.#watchers.add(look);
      look();
    });
  }
}
