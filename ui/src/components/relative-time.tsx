/** When something was: how long ago, with the moment itself on hover and for screen readers. */
import type { ReactNode } from 'react';

import { agoText } from '../../../src/base/ago.ts';
import { strings } from '../strings.ts';
import { useClock } from './clock.ts';
import { exactTime } from './exact-time.ts';

/** @param at - ms since the Unix epoch; null: never */
export function RelativeTime({ at }: { readonly at: number | null }): ReactNode {
  if (at === null) return strings.never;
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      <Ago at={at} />
    </time>
  );
}

/** The words alone are drawn again, and only when they are others: there are many of them in a list. */
function Ago({ at }: { readonly at: number }): ReactNode {
  return useClock((now) => agoText(Math.max(0, now - at)));
}
