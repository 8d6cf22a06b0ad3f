/** The clock of the page: one for all that is shown; it stands still while nobody looks. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = Date.now();
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Something that depends on the time; drawn again only when it is otherwise. @param of - of the ms since the Unix epoch */
export function useClock<T extends string | boolean | null>(of: (nowMs: number) => T): T {
  return useSyncExternalStore(subscribe, () => of(nowMs));
}
