/** The state of a member in a word; the sentence that it rests on is beside it, never only in the colour. */
import { Badge, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberStateV1 } from '../../../src/api/schema/v1.ts';
import { strings } from '../strings.ts';

const colors: Readonly<Record<MemberStateV1, string>> = {
  ok: 'green',
  relayed: 'yellow',
  waiting: 'blue',
  denied: 'red',
  'never-configured': 'gray',
  silent: 'gray',
  unknown: 'gray',
};

/** @param why - the sentence */
export function StateBadge({
  state,
  why,
}: {
  readonly state: MemberStateV1;
  readonly why?: string;
}): ReactNode {
  const badge = (
    <Badge color={colors[state]} variant="light" className="state" tabIndex={why ? 0 : undefined}>
      {strings.states[state]}
    </Badge>
  );
  if (why === undefined) return badge;
  return (
    <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {badge}
    </Tooltip>
  );
}
