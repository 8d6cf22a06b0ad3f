/**
 * The local API over HTTP: the paths and the token of the official service, on 127.0.0.1 alone.
 *
 * A page in a browser of this machine can send requests to loopback, but not with the header that the token is in, and
 * it cannot read answers: no header here lets it. Beyond that `Host`, `Origin` and `Sec-Fetch-Site` are looked at before
 * anything else (`http/origin.ts`).
 *
 * A token in the URL ends up in histories and logs, and JSONP lets any page read: both are off unless the operator's
 * `allowTokenInUrl` says otherwise.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { errorCode, errorMessage, OverspanError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import {
  answerRequest,
  sortedJson,
  type Access,
  type ApiAnswer,
  type ApiRequest,
} from '../api/routes/index.ts';
import type { NodeService } from '../api/service.ts';
import type { AnswerV1, ApiV1 } from '../api/v1/index.ts';
import type { ApiV1Host } from '../api/v1/service.ts';
import { nsPerMs } from '../base/clock.ts';
import { systemClock } from '../sys/clock.ts';
import { overspanVersion } from '../sys/version.ts';
import { bodyBytesMax, parseJson, readBody } from '../http/body.ts';
import { isFromHere, loopbackHosts } from '../http/origin.ts';
import { isToken } from '../http/token.ts';
import { isV1, requestV1, sendV1 } from '../http/v1.ts';
import type { Log } from './log.ts';

/** Connections at the same time. */
export const connectionsMax = 64;

/** What requests are answered by. */
interface Serving {
  readonly service: NodeService;
  readonly v1: ApiV1Host | null;
  apiV1: ApiV1 | null;
}

/** What serving takes. */
export interface ApiServerOptions {
  readonly token: Secret<string>;
  /** Shows figures, and nothing else. Default: there is none. */
  readonly metricsToken?: Secret<string>;
  /** Whether `?auth=` and `?jsonp=` count at this moment. Default: they do not. */
  readonly allowsTokenInUrl?: () => boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly log: Log;
}

/** A server that listens. */
export class ApiServer {
  readonly port: number;
  readonly #server: Server;
  #serving: Serving | null = null;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Listens; until {@link serve} requests are answered with 503. @returns null where the port is taken; throws the error of the system */
  static async listen(options: ApiServerOptions): Promise<ApiServer | null> {
    // zerotier-cli sends no Host; browsers always do.
    const server = createServer({ requireHostHeader: false });
    server.maxConnections = connectionsMax;
    server.requestTimeout = 10_000;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(options.port, '127.0.0.1', () => {
          resolve();
        });
      });
    } catch (error) {
      if (errorCode(error) === 'EADDRINUSE') return null;
      throw error;
    }
    const api = new ApiServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void serve(request, response, api.#serving, options);
    });
    return api;
  }

  /** From now on requests are answered. @param v1 - null: there is no /api/v1 here */
  serve(service: NodeService, v1: ApiV1Host | null = null): void {
    this.#serving = { service, v1, apiV1: null };
  }

  /** Ends it with its connections. Idempotent. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving | null,
  options: ApiServerOptions,
): Promise<void> {
  const url = urlOf(request);
  let answer: ApiAnswer;
  try {
    const given = await answerTo(request, url, serving, options);
    if ('kind' in given) {
      sendV1(response, given);
      return;
    }
    answer = given;
  } catch (error) {
    answer = failure(error, options.log);
  }
  const callback = options.allowsTokenInUrl?.() === true ? url?.searchParams.get('jsonp') : null;
  reply(response, answer, callback ?? null);
}

async function answerTo(
  request: IncomingMessage,
  url: URL | null,
  serving: Serving | null,
  options: ApiServerOptions,
): Promise<ApiAnswer | AnswerV1> {
  // Also where it is refused: what is not read keeps the connection from being used again.
  const text = await readBody(request);
  if (!isFromHere(request.headers, { scheme: 'http', hosts: loopbackHosts }))
    return { status: 403, body: {} };
  if (text === null) return { status: 413, body: tooLong };
  if (url === null) return { status: 400 };
  if (serving === null) return { status: 503, body: {} };
  const { service } = serving;
  const path = pathOf(url);
  if (isV1(path) && serving.v1 !== null) {
    const api = await apiV1Of(serving, serving.v1);
    const nowMs = systemClock.nowNs() / nsPerMs;
    return api.answer(nowMs, requestV1(request, { path, url, body: parseJson(text) }));
  }
  const access = accessOf(given(request, url, options), options);
  return answerRequest(requestOf(request, url, text), service, access);
}

/** Loaded with the first request: what checks its bodies takes longer to load than the node does. */
async function apiV1Of(serving: Serving, host: ApiV1Host): Promise<ApiV1> {
  const { ApiV1 } = await import('../api/v1/index.ts');
  return (serving.apiV1 ??= new ApiV1(host, overspanVersion()));
}

/** What was asked for cannot be done: that is an answer. What else goes wrong is a bug, whose words are for the log. */
function failure(error: unknown, log: Log): ApiAnswer {
  if (error instanceof OverspanError) {
    const { code, message, remedy } = error;
    return { status: 400, body: { error: 400, description: message, code, remedy } };
  }
  log.error('a request to the API failed', { error: errorMessage(error) });
  return { status: 500, body: { error: 500, description: 'it failed; see the log of the daemon' } };
}

const tooLong = { error: 413, description: `the body is longer than ${bodyBytesMax} bytes` };

function reply(response: ServerResponse, answer: ApiAnswer, callback: string | null): void {
  const { status, body, text } = answer;
  const json = body === undefined ? '' : sortedJson(body);
  const content = text?.content ?? json;
  const isWrapped =
    callback !== null && body !== undefined && /^[A-Za-z_$][\w$.]{0,63}$/.test(callback);
  const sent = isWrapped ? `${callback}(${content});` : content;
  const type = isWrapped ? 'application/javascript' : (text?.type ?? 'application/json');
  response.writeHead(status, {
    ...(sent === '' ? {} : { 'Content-Type': type }),
    'Content-Length': Buffer.byteLength(sent),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(sent);
}

function urlOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://127.0.0.1');
  } catch {
    return null;
  }
}

function pathOf(url: URL): string[] {
  return url.pathname.split('/').filter((part) => part !== '');
}

function requestOf(request: IncomingMessage, url: URL, text: string): ApiRequest {
  const path = pathOf(url);
  const body = parseJson(text);
  const method = request.method === 'PUT' ? 'POST' : request.method;
  if (method === 'GET' || method === 'POST' || method === 'DELETE') return { method, path, body };
  return { method: 'GET', path: ['', ...path], body };
}

/** The first that is there decides: header, parameter, bearer (management.md 1). */
function given(request: IncomingMessage, url: URL, { allowsTokenInUrl }: ApiServerOptions): string {
  const header = request.headers['x-zt1-auth'];
  if (typeof header === 'string') return header;
  const parameter = allowsTokenInUrl?.() === true ? url.searchParams.get('auth') : null;
  if (parameter !== null) return parameter;
  return /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function accessOf(text: string, { token, metricsToken }: ApiServerOptions): Access {
  if (isToken(text, token)) return 'full';
  return metricsToken !== undefined && isToken(text, metricsToken) ? 'metrics' : 'none';
}
