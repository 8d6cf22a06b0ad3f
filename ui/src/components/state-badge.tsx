/** The state of a member in a word, never only in the colour; the sentence that it rests on is told beside it. */
import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberStateV1 } from '../../../src/api/schema/v1.ts';
import { strings } from '../strings.ts';

const colors: Readonly<Record<MemberStateV1, string>> = {
  ok: 'green',
  relayed: 'orange',
  waiting: 'blue',
  denied: 'red',
  'never-configured': 'gray',
  silent: 'gray',
  unknown: 'gray',
};

/** The badge. */
export function StateBadge({ state }: { readonly state: MemberStateV1 }): ReactNode {
  return (
    <Badge color={colors[state]} variant="light" className="state">
      {strings.states[state]}
    </Badge>
  );
}
