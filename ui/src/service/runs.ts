/** Measurements: what the page's own server keeps and starts (`src/gateway/runs.ts`); they are of no service. */
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId, useMemo } from 'react';

import type {
  RunDetail,
  RunEngines,
  RunList,
  RunRequest,
  RunState,
} from '../../../src/api/schema/run.ts';
import { exitCodes, OverspanError } from '../../../src/base/errors.ts';
import { followEvents } from './event-stream.ts';
import { pageVisibility } from './page-visibility.ts';
import { serverAway } from './server-away.ts';
import { useSessionFetch } from './session.tsx';

/** How often the list is asked for again, ms: verdicts of older runs are made one by one. */
const againMs = 3_000;

/** Under which names answers are kept. */
export const keys = {
  all: ['runs'] as const,
  list: ['runs', 'list'] as const,
  engines: ['runs', 'engines'] as const,
  one: (id: string) => ['runs', 'one', id] as const,
  report: (id: string, frame: string) => ['runs', 'report', id, frame] as const,
};

/** What can be asked. Each @throws OverspanError */
export interface RunsClient {
  readonly list: () => Promise<RunList>;
  readonly engines: () => Promise<RunEngines>;
  readonly detail: (id: string) => Promise<RunDetail>;
  readonly start: (request: RunRequest) => Promise<RunDetail>;
  readonly stop: (id: string) => Promise<RunDetail>;
  /** Deletes its files. */
  readonly remove: (id: string) => Promise<void>;
  /** Has the report made. @returns where it is, for one frame */
  readonly report: (id: string) => Promise<string>;
  /** Has the browser keep a part of it as a file. */
  readonly save: (id: string, part: 'report' | 'record') => Promise<void>;
}

/** Whether a run still goes on. */
export function goesOn(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'stopping';
}

/** Who asks for them. */
export function useRunsClient(): RunsClient {
  const fetchAs = useSessionFetch();
  return useMemo(() => {
    const ask = async (url: string, method = 'GET', body?: unknown): Promise<Response> => {
      const response = await fetchAs(url, {
        method,
        // What was to be undone and was not is deleted when the page is left.
        keepalive: method === 'DELETE',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => {
        throw serverAway(cause);
      });
      if (!response.ok) throw await problemIn(response);
      return response;
    };
    const json = async <T>(response: Promise<Response>): Promise<T> =>
      (await (await response).json()) as T;
    /** A frame or a download shows no proof. */
    const ticketFor = async (path: string): Promise<string> =>
      (await json<{ readonly ticket: string }>(ask('/session/ticket', 'POST', { path }))).ticket;
    return {
      list: () => json<RunList>(ask('/runs')),
      engines: () => json<RunEngines>(ask('/engines')),
      detail: (id) => json<RunDetail>(ask(pathOf(id))),
      start: (request) => json<RunDetail>(ask('/runs', 'POST', request)),
      stop: (id) => json<RunDetail>(ask(`${pathOf(id)}/stop`, 'POST')),
      remove: async (id) => {
        await ask(pathOf(id), 'DELETE');
      },
      report: async (id) => {
        const path = `${pathOf(id)}/report`;
        await (await ask(path)).text();
        return `${path}?ticket=${await ticketFor(path)}`;
      },
      save: async (id, part) => {
        const path = `${pathOf(id)}/${part}`;
        const link = document.createElement('a');
        link.href = `${path}?save&ticket=${await ticketFor(path)}`;
        link.download = '';
        link.click();
      },
    };
  }, [fetchAs]);
}

function pathOf(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** All runs. */
export function useRuns(): UseQueryResult<RunList> {
  const { list } = useRunsClient();
  return useQuery({ queryKey: keys.list, queryFn: list, refetchInterval: againMs });
}

/** What can be compared in a lab. @param isWanted - it is found out by trying: not where nobody asks, and not beside a run */
export function useEngines(isWanted: boolean): UseQueryResult<RunEngines> {
  const { engines } = useRunsClient();
  return useQuery({
    queryKey: keys.engines,
    queryFn: engines,
    enabled: isWanted,
    refetchOnWindowFocus: false,
  });
}

/** One run, as it goes. */
export function useRun(id: string): UseQueryResult<RunDetail> {
  const { detail } = useRunsClient();
  const ask = useSessionFetch();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: keys.one(id), queryFn: () => detail(id) });
  const isLive = query.data !== undefined && goesOn(query.data.state);
  useEffect(() => {
    if (!isLive) return undefined;
    const end = followEvents(
      {
        open: (init) => ask(`${pathOf(id)}/events`, init),
        // The first event holds all there is.
        onOpen: () => undefined,
        // Asking says what is wrong.
        onAway: () => void queries.invalidateQueries({ queryKey: keys.one(id) }),
        onEvent: ({ data }) => {
          queries.setQueryData(keys.one(id), data);
        },
      },
      pageVisibility,
    );
    return () => {
      end();
      void queries.invalidateQueries({ queryKey: keys.list });
    };
  }, [id, isLive, ask, queries]);
  return query;
}

/** Where the report of a run is, for one frame: it is made where it is not there yet. */
export function useReport(id: string): UseQueryResult<string> {
  const { report } = useRunsClient();
  const frame = useId();
  return useQuery({
    queryKey: keys.report(id, frame),
    queryFn: () => report(id),
    ...{ staleTime: Infinity, gcTime: 0 },
  });
}

async function problemIn(response: Response): Promise<OverspanError> {
  const problem = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { code, detail, remedy } = problem;
  return new OverspanError(text(code), exitCodes.failed, text(detail), { remedy: text(remedy) });
}
