/** Deleting runs: they are gone from the page at once, and from the disk when nobody has taken it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import type { RunState } from '../../../../src/api/schema/run.ts';
import { useGone } from '../../service/gone.ts';
import { goesOn, keys, useRunsClient } from '../../service/runs.ts';
import { useTakeAway } from '../../shell/take-away.ts';
import { strings } from '../../strings.ts';

/** What is deleted, and how. */
export interface DeleteRun {
  readonly isGone: (id: string) => boolean;
  readonly remove: (id: string) => void;
}

/** Whether a run may be deleted: nobody writes to it. */
export function isOver(state: RunState): boolean {
  return !goesOn(state) && state !== 'growing';
}

/** For the list of runs, and for the page of one. */
export function useDeleteRun(): DeleteRun {
  const client = useRunsClient();
  const takeAway = useTakeAway();
  const queries = useQueryClient();
  const isGone = useGone('runs');
  const remove = useCallback(
    (id: string) => {
      takeAway({
        ...{ of: 'runs', names: [id], text: strings.measure.deleted(id) },
        act: async () => {
          await client.remove(id);
          await queries.invalidateQueries({ queryKey: keys.list });
        },
      });
    },
    [client, queries, takeAway],
  );
  return { isGone, remove };
}
