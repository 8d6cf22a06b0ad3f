/** When something that has an end ends, or ended. */
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

import { useClock } from '../../components/clock.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { access } from '../../strings/access.ts';
import { inText } from './in-text.ts';

/** @param at - ms since the Unix epoch; null: it has none */
export function Ending({ at }: { readonly at: number | null }): ReactNode {
  const left = useClock((now) => (at === null || at <= now ? null : inText(at - now)));
  if (at === null) return access.never;
  if (left === null)
    return (
      <>
        {access.ended} <RelativeTime at={at} />
      </>
    );
  const moment = new Date(at);
  return (
    <>
      {access.endsAt}{' '}
      <Tooltip label={moment.toLocaleString()}>
        <time dateTime={moment.toISOString()}>{left}</time>
      </Tooltip>
    </>
  );
}
