/** When something was: how long ago, with the moment itself on hover and for screen readers. */
import { useSyncExternalStore, type ReactNode } from 'react';

import { agoText } from '../../../src/base/ago.ts';
import { strings } from '../strings.ts';

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all that is shown; it stands still while nobody looks. */
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

/** @param at - ms since the Unix epoch; null: never */
export function RelativeTime({ at }: { readonly at: number | null }): ReactNode {
  if (at === null) return strings.never;
  const moment = new Date(at);
  return (
    <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>
      <Ago at={at} />
    </time>
  );
}

/** The words alone are drawn again, and only when they are others: there are many of them in a list. */
function Ago({ at }: { readonly at: number }): ReactNode {
  return useSyncExternalStore(subscribe, () => agoText(Math.max(0, nowMs - at)));
}
