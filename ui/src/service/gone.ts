/** What is gone from the page and not yet from the service: it may still be taken back. One place for all pages. */
import { useCallback, useSyncExternalStore } from 'react';

import { onForgetting } from './forgetting.ts';

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

// Who signs in next may be shown the same service: what was not taken away there is seen again.
onForgetting(() => {
  change(new Set());
});

/** They are gone. @param of - whose names they are: those of one service or network are not those of another */
export function hide(of: string, names: readonly string[]): void {
  change(new Set([...gone, ...names.map((name) => `${of}/${name}`)]));
}

/** They are back, or are gone from the service, too. */
export function unhide(of: string, names: readonly string[]): void {
  const back = new Set(names.map((name) => `${of}/${name}`));
  change(new Set([...gone].filter((name) => !back.has(name))));
}

/** All of them, each after whose name it is. */
export function goneNames(): ReadonlySet<string> {
  return gone;
}

/** Says whether a name is gone. */
export function useGone(of: string): (name: string) => boolean {
  const all = useSyncExternalStore(subscribe, goneNames);
  return useCallback((name) => all.has(`${of}/${name}`), [all, of]);
}
