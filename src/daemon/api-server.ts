/**
 * The local API over HTTP: the paths and the token of the official service, on 127.0.0.1 alone.
 *
 * A page in a browser of this machine can send requests to loopback, but not with the header that the token is in, and
 * it cannot read answers: no header here lets it. Names other than loopback's in `Host` are refused, so that a name that
 * suddenly resolves to 127.0.0.1 gives nobody an origin of its own.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { errorCode, errorMessage, OverspanError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { answerRequest, sortedJson, type ApiAnswer, type ApiRequest } from '../api/routes/index.ts';
import type { NodeService } from '../api/service.ts';
import type { Log } from './log.ts';

/** Bytes of the largest body that is read. */
export const bodyBytesMax = 1 << 20;
/** Connections at the same time. */
export const connectionsMax = 64;

/** What serving takes. */
export interface ApiServerOptions {
  readonly token: Secret<string>;
  /** 0: any free one. */
  readonly port: number;
  readonly log: Log;
}

/** A server that listens. */
export class ApiServer {
  readonly port: number;
  readonly #server: Server;
  #service: NodeService | null = null;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Listens; until {@link serve} requests are answered with 503. @returns null where the port is taken; throws the error of the system */
  static async listen(options: ApiServerOptions): Promise<ApiServer | null> {
    const server = createServer();
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
      void serve(request, response, api.#service, options);
    });
    return api;
  }

  /** From now on requests are answered by a service. */
  serve(service: NodeService): void {
    this.#service = service;
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
  service: NodeService | null,
  { token, log }: ApiServerOptions,
): Promise<void> {
  let answer: ApiAnswer;
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const parsed = await parse(request, url);
    if (parsed === null) answer = { status: 413 };
    else if (!isLoopbackName(request.headers.host)) answer = { status: 403, body: {} };
    else if (service === null) answer = { status: 503, body: {} };
    else answer = await answerRequest(parsed, service, sameToken(given(request, url), token));
  } catch (error) {
    if (error instanceof OverspanError) {
      // What was asked for cannot be done: that is an answer.
      const { code, message, remedy } = error;
      reply(response, { status: 400, body: { error: 400, description: message, code, remedy } });
      return;
    }
    log.error('a request to the API failed', { error: errorMessage(error) });
    answer = { status: 500, body: { error: 500, description: errorMessage(error) } };
  }
  reply(response, answer);
}

function reply(response: ServerResponse, answer: ApiAnswer): void {
  const text = answer.body === undefined ? '' : sortedJson(answer.body);
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

/** @returns null where the body is too long */
async function parse(request: IncomingMessage, url: URL): Promise<ApiRequest | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  const path = url.pathname.split('/').filter((part) => part !== '');
  const method = request.method === 'PUT' ? 'POST' : request.method;
  if (method !== 'GET' && method !== 'POST' && method !== 'DELETE')
    return { method: 'GET', path: ['', ...path], body: {} };
  return { method, path, body: parseJson(Buffer.concat(chunks).toString('utf8')) };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What is not JSON is none of the bodies that are wanted; a join goes on without one (management.md 1.4).
    return undefined;
  }
}

/** The first that is there decides: header, parameter, bearer (management.md 1). */
function given(request: IncomingMessage, url: URL): string {
  const header = request.headers['x-zt1-auth'];
  if (typeof header === 'string') return header;
  const parameter = url.searchParams.get('auth');
  if (parameter !== null) return parameter;
  return /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** Compares hashes, so that neither content nor length shows in the time it takes. */
function sameToken(text: string, token: Secret<string>): boolean {
  const hash = (value: string): Uint8Array => createHash('sha256').update(value).digest();
  return text !== '' && timingSafeEqual(hash(text), hash(token.reveal()));
}

function isLoopbackName(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  return name === '' || name === '127.0.0.1' || name === 'localhost' || name === '[::1]';
}
