/** The state of a run in a word. */
import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

import type { RunState } from '../../../../src/api/schema/run.ts';
import { strings } from '../../strings.ts';

const colours: Readonly<Record<RunState, string>> = {
  starting: 'blue',
  running: 'blue',
  stopping: 'blue',
  complete: 'green',
  interrupted: 'orange',
  failed: 'red',
  growing: 'blue',
  unfinished: 'gray',
  unreadable: 'red',
};

/** The badge. */
export function RunStateBadge({ state }: { readonly state: RunState }): ReactNode {
  return (
    <Badge color={colours[state]} variant="light" className="state">
      {strings.measure.states[state]}
    </Badge>
  );
}
