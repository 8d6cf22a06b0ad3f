/** An Overspan daemon behind the page: its /api/v1 is passed on as it is, its stream of events, too. */
import { Readable } from 'node:stream';

import type { ApiClientOptions } from '../api/client.ts';
import type { RequestV1 } from '../api/v1/index.ts';
import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import type { Secret } from '../base/secret.ts';
import { gatewayError } from './errors.ts';
import type { GatewayAnswer, GatewayService } from './service.ts';

/** Headers of an answer that belong to what is answered, not to the connection. */
const passedHeaders = ['content-type', 'etag', 'retry-after', 'cache-control'] as const;
/** How long an answer may take to begin, ms. */
const answerMs = 15_000;

/** @param reach - where it is, when it is asked: a daemon that was restarted may have another port */
export function daemonService(
  name: string,
  reach: () => Promise<Pick<ApiClientOptions, 'origin' | 'token'>>,
): GatewayService {
  return {
    name,
    kind: 'overspan',
    answer: async (request, credential, gone) => {
      const { origin, token } = await reach();
      return passedOn(origin, request, credential ?? token, gone);
    },
  };
}

async function passedOn(
  origin: string,
  request: RequestV1,
  token: Secret<string>,
  gone: AbortSignal,
): Promise<GatewayAnswer> {
  const { method, path, query, body, ifMatch, lastEventId } = request;
  const words = path.map(encodeURIComponent).join('/');
  const search = new URLSearchParams(query).toString();
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, answerMs);
  try {
    const response = await fetch(`${origin}/api/v1/${words}${search === '' ? '' : `?${search}`}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.any([gone, late.signal]),
      headers: {
        Authorization: `Bearer ${token.reveal()}`,
        ...(ifMatch === null ? {} : { 'If-Match': ifMatch }),
        ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
      },
      ...(body.kind === 'json' ? { body: JSON.stringify(body.value) } : {}),
    });
    const headers: Record<string, string> = {};
    for (const header of passedHeaders) {
      const value = response.headers.get(header);
      if (value !== null) headers[header] = value;
    }
    const stream = response.body;
    const { status } = response;
    return {
      kind: 'passed-on',
      status,
      headers,
      body: stream === null ? null : Readable.fromWeb(stream),
    };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw gatewayError(
      'UI_SERVICE_AWAY',
      `the daemon at ${origin} does not answer: ${escapeText(errorMessage(cause))}`,
      { remedy: remedyOf(cause), cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Where nobody took the connection, nothing was sent; else the daemon may have done it and only the answer is missing. */
function remedyOf(cause: unknown): string {
  return errorCode(cause) === 'ECONNREFUSED'
    ? 'start it: overspan up; what was asked was not done'
    : 'see whether it runs: overspan info; what was asked may have been done: look before you ask again';
}
