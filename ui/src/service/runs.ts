/** Measurements: what the page's own server keeps and starts (`src/gateway/runs.ts`); they are of no service. */
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';

import type { RunDetail, RunList, RunRequest, RunState } from '../../../src/api/schema/run.ts';
import { exitCodes, OverspanError } from '../../../src/base/errors.ts';
import type { EventsState } from './events.ts';
import { useOpenSession, useSession } from './session.tsx';

/** How often the list is asked for again, ms: verdicts of older runs are made one by one. */
const againMs = 3_000;
/** Pause before a stream is tried again, ms. */
const streamAgainMs = 2_000;

/** Under which names answers are kept. */
export const keys = {
  all: ['runs'] as const,
  list: ['runs', 'list'] as const,
  one: (id: string) => ['runs', 'one', id] as const,
  report: (id: string) => ['runs', 'report', id] as const,
};

/** What can be asked. Each @throws OverspanError */
export interface RunsClient {
  readonly list: () => Promise<RunList>;
  readonly detail: (id: string) => Promise<RunDetail>;
  readonly start: (request: RunRequest) => Promise<RunDetail>;
  readonly stop: (id: string) => Promise<RunDetail>;
  /** Deletes its files. */
  readonly remove: (id: string) => Promise<void>;
  /** Has the report made. */
  readonly report: (id: string) => Promise<true>;
}

/** Whether a run still goes on. */
export function goesOn(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'stopping';
}

/** Where the report of a run is. */
export function reportUrl(id: string): string {
  return `/runs/${encodeURIComponent(id)}/report`;
}

/** Where its record is. */
export function recordUrl(id: string): string {
  return `/runs/${encodeURIComponent(id)}/record`;
}

/** Who asks for them. */
export function useRunsClient(): RunsClient {
  const { proof } = useOpenSession();
  const { lost } = useSession();
  return useMemo(() => {
    const ask = async (path: string, method = 'GET', body?: unknown): Promise<Response> => {
      const response = await fetch(`/runs${path}`, {
        method,
        headers: { 'X-Overspan-Proof': proof },
        // What was to be undone and was not is deleted when the page is left.
        keepalive: method === 'DELETE',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => {
        throw away(cause);
      });
      if (response.status === 401) lost();
      if (!response.ok) throw await problemIn(response);
      return response;
    };
    const one = (id: string): string => `/${encodeURIComponent(id)}`;
    const json = async <T>(response: Promise<Response>): Promise<T> =>
      (await (await response).json()) as T;
    return {
      list: () => json<RunList>(ask('')),
      detail: (id) => json<RunDetail>(ask(one(id))),
      start: (request) => json<RunDetail>(ask('', 'POST', request)),
      stop: (id) => json<RunDetail>(ask(`${one(id)}/stop`, 'POST')),
      remove: async (id) => {
        await ask(one(id), 'DELETE');
      },
      report: async (id) => {
        await (await ask(`${one(id)}/report`)).text();
        return true;
      },
    };
  }, [proof, lost]);
}

/** All runs. */
export function useRuns(): UseQueryResult<RunList> {
  const { list } = useRunsClient();
  return useQuery({ queryKey: keys.list, queryFn: list, refetchInterval: againMs });
}

/** One run, as it goes; `events` says whether it is told of by itself. */
export function useRun(id: string): {
  readonly query: UseQueryResult<RunDetail>;
  readonly events: EventsState;
} {
  const { detail } = useRunsClient();
  const queries = useQueryClient();
  const [events, setEvents] = useState<EventsState>('connecting');
  const query = useQuery({ queryKey: keys.one(id), queryFn: () => detail(id) });
  const isLive = query.data !== undefined && goesOn(query.data.state);
  useEffect(() => {
    if (!isLive) return undefined;
    let source: EventSource | undefined;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource(`/runs/${encodeURIComponent(id)}/events`);
      source.onopen = () => {
        setEvents('live');
      };
      source.onerror = () => {
        source?.close();
        setEvents('away');
        waiting = setTimeout(open, streamAgainMs);
      };
      source.addEventListener('run', ({ data }: MessageEvent<string>) => {
        queries.setQueryData(keys.one(id), JSON.parse(data) as RunDetail);
      });
    };
    open();
    return () => {
      source?.close();
      clearTimeout(waiting);
      void queries.invalidateQueries({ queryKey: keys.list });
    };
  }, [id, isLive, queries]);
  return { query, events };
}

/** Whether the report of a run can be shown: it is made where it is not there yet. */
export function useReport(id: string): UseQueryResult<true> {
  const { report } = useRunsClient();
  return useQuery({ queryKey: keys.report(id), queryFn: () => report(id), staleTime: Infinity });
}

function away(cause: unknown): OverspanError {
  return new OverspanError('DAEMON_NOT_RUNNING', exitCodes.unreachable, 'no answer', {
    remedy: '',
    cause,
  });
}

async function problemIn(response: Response): Promise<OverspanError> {
  const problem = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { code, detail, remedy } = problem;
  return new OverspanError(text(code), exitCodes.failed, text(detail), { remedy: text(remedy) });
}
