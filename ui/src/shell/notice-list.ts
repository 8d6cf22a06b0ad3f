/**
 * The notices of the page, and what waits for being undone. A notice with something to do does it when the notice goes, however it
 * goes, unless that is undone; so what is pending is what is shown. None goes by itself while one of them is looked at.
 */

/** How long a notice stays, and how long something waits for being undone, ms. */
export const shownMs = 8_000;
/** Notices that are shown; those with a way back are never left out. */
export const shownMax = 4;

/** One that is shown. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Something went wrong: it stays until somebody closes it. */
  readonly isBad: boolean;
  readonly canUndo: boolean;
}

/** Something that can be undone. */
export interface Later {
  readonly text: string;
  readonly act: () => Promise<unknown>;
  readonly undo: () => void;
}

interface Entry {
  readonly notice: Notice;
  readonly act: (() => Promise<unknown>) | null;
  readonly undo: (() => void) | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** All of them. */
export class NoticeList {
  readonly #explain: (error: unknown) => string;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[] = [];
  #shown: readonly Notice[] = [];
  #lastId = 0;
  #isPaused = false;

  /** @param explain - what is said of an error */
  constructor(explain: (error: unknown) => string) {
    this.#explain = explain;
  }

  /** The same array until something changes. */
  readonly shown = (): readonly Notice[] => this.#shown;

  /** @returns what ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** @param undo - a way back, for as long as it is shown */
  readonly say = (text: string, undo?: () => void): void => {
    this.#add({ text, isBad: false, undo: undo ?? null, act: null });
  };

  readonly fail = (error: unknown): void => {
    this.#add({ text: this.#explain(error), isBad: true, undo: null, act: null });
  };

  /** Says that something is done, and does it a moment later, unless it is undone. */
  readonly doLater = ({ text, act, undo }: Later): void => {
    this.#add({ text, isBad: false, undo, act });
  };

  /** Closes one: what it was to do is done. */
  close(id: number): void {
    const entry = this.#take(id);
    if (entry !== undefined) void this.#act(entry);
  }

  /** @param id - default: the last that can be. @returns whether there was something to undo */
  undo(id?: number): boolean {
    const entry = this.#entries.findLast(
      ({ notice, undo }) => undo !== null && (id === undefined || notice.id === id),
    );
    if (entry === undefined) return false;
    this.#take(entry.notice.id);
    entry.undo?.();
    return true;
  }

  /** None goes until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
    for (const { timer } of this.#entries) clearTimeout(timer);
  }

  /** Each has its whole time again. */
  resume(): void {
    this.#isPaused = false;
    for (const entry of this.#entries) this.#schedule(entry);
  }

  /** Does at once what is pending: who leaves has not undone it. All of it is under way when this returns. */
  async flush(): Promise<void> {
    const pending = this.#entries.filter(({ act }) => act !== null);
    const acts = pending.map((entry) => this.#act(entry));
    for (const { notice } of pending) this.#take(notice.id);
    await Promise.all(acts);
  }

  #add({
    text,
    isBad,
    undo,
    act,
  }: Pick<Notice, 'text' | 'isBad'> & Omit<Entry, 'notice' | 'timer'>): void {
    const notice = { id: ++this.#lastId, text, isBad, canUndo: undo !== null };
    const entry: Entry = { notice, act, undo, timer: undefined };
    const kept = [...this.#entries];
    while (kept.length >= shownMax) {
      const plain = kept.findIndex((each) => each.undo === null && !each.notice.isBad);
      const at = plain >= 0 ? plain : kept.findIndex((each) => each.undo === null);
      if (at < 0) break;
      for (const { timer } of kept.splice(at, 1)) clearTimeout(timer);
    }
    this.#set([...kept, entry]);
    if (!this.#isPaused) this.#schedule(entry);
  }

  #schedule(entry: Entry): void {
    clearTimeout(entry.timer);
    if (entry.notice.isBad) return;
    entry.timer = setTimeout(() => {
      this.close(entry.notice.id);
    }, shownMs);
  }

  #take(id: number): Entry | undefined {
    const entry = this.#entries.find(({ notice }) => notice.id === id);
    if (entry === undefined) return undefined;
    clearTimeout(entry.timer);
    this.#set(this.#entries.filter((each) => each !== entry));
    // What had the focus or the pointer may be gone with it, and nothing says so.
    if (this.#isPaused) this.resume();
    return entry;
  }

  async #act({ act, undo }: Entry): Promise<void> {
    try {
      await act?.();
    } catch (error) {
      undo?.();
      this.fail(error);
    }
  }

  #set(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#shown = entries.map(({ notice }) => notice);
    for (const listener of this.#listeners) listener();
  }
}
