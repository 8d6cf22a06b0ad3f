/**
 * Runs of measurements behind the page: what is asked of whoever keeps them, and their paths.
 *
 * | path | methods | what |
 * |---|---|---|
 * | `/engines` | GET | what a run may compare in a lab |
 * | `/runs` | GET, POST | the list; one is started |
 * | `/runs/ID` | GET, DELETE | one; its files are deleted |
 * | `/runs/ID/events` | GET | one, each time that more is known of it (text/event-stream) |
 * | `/runs/ID/stop` | POST | it is told to stop |
 * | `/runs/ID/record` | GET | its record, to be kept as a file |
 * | `/runs/ID/report` | GET | its report; with `?save` to be kept as a file |
 */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { runRequestOf } from '../api/run-request.ts';
import type { RunDetail, RunEngines, RunList, RunRequest } from '../api/schema/run.ts';
import { EventStream } from '../http/event-stream.ts';
import { sendV1 } from '../http/v1.ts';
import type { GivenBody } from './body.ts';
import { gatewayError } from './errors.ts';
import { reportPolicy } from './policy.ts';

/** Who keeps the runs. Names come from browsers: they are names of runs, or of none, and never paths. */
export interface GatewayRuns {
  list(): Promise<RunList>;
  /** What a run may compare in a lab. */
  engines(): Promise<RunEngines>;
  start(request: RunRequest): Promise<RunDetail>;
  detail(id: string): Promise<RunDetail>;
  stop(id: string): Promise<RunDetail>;
  remove(id: string): Promise<void>;
  /** Tells of it at once, while it goes on, and when it is over. @returns what ends that */
  listen(id: string, onDetail: (detail: RunDetail) => void): Promise<() => void>;
  record(id: string): Promise<{ readonly bytes: number; readonly stream: NodeJS.ReadableStream }>;
  /** HTML without scripts. */
  report(id: string): Promise<string>;
}

/** One request to them. */
export interface RunsRequest {
  readonly method: string;
  /** `runs`, and what comes after it; or `engines`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: GivenBody;
  /** When whoever asks is gone, or signed out. */
  readonly gone: AbortSignal;
}

/** Answers it. @throws UI_RUNS_PATH_UNKNOWN, what the runs throw */
export async function answerRuns(
  runs: GatewayRuns,
  { method, path, query, body, gone }: RunsRequest,
  response: ServerResponse,
): Promise<void> {
  const [first = '', id = '', part = '', ...more] = path;
  const what = first === 'runs' ? (id === '' ? 'all' : `one ${part}`) : path.join('/');
  const json = (status: number, value: unknown): void => {
    sendV1(response, { kind: 'json', status, body: value });
  };
  switch (more.length > 0 ? 'none' : `${method} ${what}`.trim()) {
    case 'GET engines':
      json(200, await runs.engines());
      return;
    case 'GET all':
      json(200, await runs.list());
      return;
    case 'POST all':
      json(201, await runs.start(requestIn(body)));
      return;
    case 'GET one':
      json(200, await runs.detail(id));
      return;
    case 'DELETE one':
      await runs.remove(id);
      sendV1(response, { kind: 'json', status: 204, body: undefined });
      return;
    case 'POST one stop':
      json(200, await runs.stop(id));
      return;
    case 'GET one events':
      await sendEvents(runs, id, response);
      return;
    case 'GET one record': {
      const { bytes, stream } = await runs.record(id);
      response.writeHead(200, {
        ...{ 'Content-Type': 'application/x-ndjson', 'Content-Length': bytes },
        ...savedAs(`${id}.ndjson`),
      });
      await pipeline(stream, response, { signal: gone }).catch(() => response.destroy());
      return;
    }
    case 'GET one report': {
      const html = await runs.report(id);
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        ...reportPolicy,
        ...(query.has('save') ? savedAs(`${id}.html`) : {}),
      });
      response.end(html);
      return;
    }
    default:
      throw gatewayError('UI_RUNS_PATH_UNKNOWN', 'there is nothing of runs at this path', {
        remedy: 'reload the page',
      });
  }
}

async function sendEvents(runs: GatewayRuns, id: string, response: ServerResponse): Promise<void> {
  const events = new EventStream(response);
  const end = await runs.listen(id, (detail) => {
    events.write({ kind: 'run', data: detail });
  });
  events.open(end);
}

/** @throws UI_RUN_INVALID */
function requestIn(body: GivenBody): RunRequest {
  const request = body.kind === 'json' ? runRequestOf(body.value) : null;
  if (request !== null) return request;
  throw gatewayError('UI_RUN_INVALID', 'this is no request for a run', {
    remedy: 'reload the page',
  });
}

/** A name of a run that was found has nothing in it that could end the header. */
function savedAs(name: string): Readonly<Record<string, string>> {
  return { 'Content-Disposition': `attachment; filename="${name}"` };
}
