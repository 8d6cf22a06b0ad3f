/** What is gone from the page and not yet from the service: it may still be taken back. One place for all pages. */
import { useCallback, useSyncExternalStore } from 'react';

let gone: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function change(to: ReadonlySet<string>): void {
  gone = to;
  for (const listener of listeners) listener();
}

/** They are gone. @param of - whose names they are: those of one service or network are not those of another */
export function hide(of: string, names: readonly string[]): void {
  change(new Set([...gone, ...names.map((name) => `${of}/${name}`)]));
}

/** They are back, or are gone from the service, too. */
export function unhide(of: string, names: readonly string[]): void {
  const back = new Set(names.map((name) => `${of}/${name}`));
  change(new Set([...gone].filter((name) => !back.has(name))));
}

/** Says whether a name is gone. */
export function useGone(of: string): (name: string) => boolean {
  const all = useSyncExternalStore(subscribe, () => gone);
  return useCallback((name) => all.has(`${of}/${name}`), [all, of]);
}
