/** /api/v1 over HTTP: what was asked as values, what is answered as bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ApiBody } from '../api/routes/index.ts';
import type { AnswerV1, RequestV1 } from '../api/v1/index.ts';
import type { ApiEvent } from '../api/v1/service.ts';
import { EventStream } from './event-stream.ts';

/** Whether a path is below /api/v1. */
export function isV1(path: readonly string[]): boolean {
  return path[0] === 'api' && path[1] === 'v1';
}

/** The request. @param path - all of it, as it stands in the URL */
export function requestV1(
  request: IncomingMessage,
  { path, url, body }: { path: readonly string[]; url: URL; body: ApiBody },
): RequestV1 {
  const { headers, method = 'GET' } = request;
  const header = headers['x-zt1-auth'];
  const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return {
    method,
    path: path.slice(2).map(decoded),
    query: Object.fromEntries(url.searchParams),
    body,
    token: typeof header === 'string' ? header : (bearer ?? ''),
    ifMatch: headers['if-match'] ?? null,
    lastEventId: firstOf(headers['last-event-id']),
  };
}

/** Sends an answer. */
export function sendV1(response: ServerResponse, answer: AnswerV1): void {
  switch (answer.kind) {
    case 'json':
      send(response, answer.status, 'application/json', answer.body, answer.headers);
      return;
    case 'problem': {
      const { problem, retryAfterS } = answer;
      const headers = {
        ...(retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) }),
        ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      };
      send(response, problem.status, 'application/problem+json', problem, headers);
      return;
    }
    case 'events':
      stream(response, answer.listen);
  }
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': type }),
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(text);
}

function stream(
  response: ServerResponse,
  listen: (onEvent: (event: ApiEvent) => void) => (() => void) | null,
): void {
  const events = new EventStream(response);
  const end = listen(({ id, kind, at, data }) => {
    events.write({ id, kind, data: { at, ...data } });
  });
  if (end === null) {
    send(response, 503, 'application/problem+json', {
      type: 'about:blank',
      title: 'api too many',
      status: 503,
      detail: 'too many listen to events already',
      code: 'API_TOO_MANY',
      remedy: 'end one of them, or look again instead of listening',
    });
    return;
  }
  events.open(end);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function firstOf(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}
