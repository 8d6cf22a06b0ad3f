/** What is to happen when: a binary heap in virtual time. Things of one moment happen in the order in which they were asked for. */

/** A thing to come; {@link EventQueue.cancel} takes it back. */
export interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  /** Null: taken back. */
  action: (() => void) | null;
}

/** The queue. */
export class EventQueue {
  readonly #heap: Scheduled[] = [];
  #order = 0;
  #cancelled = 0;

  /** Things to come. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** When the next thing happens, ms; Infinity: nothing does. */
  get nextMs(): number {
    this.#dropCancelled();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  add(atMs: number, action: () => void): Scheduled {
    const entry: Scheduled = { atMs, order: this.#order++, action };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** Takes back; a second time, or after it has happened, does nothing. */
  cancel(entry: Scheduled): void {
    if (entry.action === null) return;
    entry.action = null;
    this.#cancelled++;
  }

  /** Takes out the next thing; null: there is none. */
  take(): Scheduled | null {
    this.#dropCancelled();
    return this.#heap.length === 0 ? null : this.#pop();
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]!.action === null) {
      this.#pop();
      this.#cancelled--;
    }
  }

  #pop(): Scheduled {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return top;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[child]!, heap[at]!)) return;
      [heap[at], heap[child]] = [heap[child]!, heap[at]!];
      at = child;
    }
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
