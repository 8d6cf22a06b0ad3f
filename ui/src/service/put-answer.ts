/** Putting what a service answered to a change where its answers are kept. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Puts an answer in its place. A question that is under way was asked before the change, and its answer may be older: it is asked
 * again.
 *
 * @param change - makes it of what is known; undefined: nothing is
 */
export async function putAnswer<T>(
  queries: QueryClient,
  queryKey: QueryKey,
  change: (known: T | undefined) => T | undefined,
): Promise<void> {
  const state = queries.getQueryState(queryKey);
  const isAsked = state !== undefined && state.fetchStatus !== 'idle';
  if (isAsked) await queries.cancelQueries({ queryKey, exact: true });
  queries.setQueryData<T>(queryKey, change);
  if (isAsked) void queries.invalidateQueries({ queryKey, exact: true });
}
