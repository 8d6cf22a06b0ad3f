/** When something was: how long ago, with the moment itself on hover and for screen readers. */
import { Tooltip } from '@mantine/core';
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

/** The time of the page, to the second. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** @param at - ms since the Unix epoch; null: never */
export function RelativeTime({ at }: { readonly at: number | null }): ReactNode {
  const now = useNowMs();
  if (at === null) return strings.never;
  const moment = new Date(at);
  return (
    <Tooltip label={moment.toLocaleString()}>
      <time dateTime={moment.toISOString()}>{agoText(Math.max(0, now - at))}</time>
    </Tooltip>
  );
}
