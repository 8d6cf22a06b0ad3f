/**
 * /api/v1: finds the route, asks who is there and whether they may, checks what came, and answers. Nothing of HTTP but
 * names of methods, numbers and headers.
 */
import type { z } from 'zod';

import { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { apiError } from '../errors.ts';
import type { ApiBody } from '../routes/route.ts';
import { openApi } from './openapi.ts';
import { problem, problemOf, type ProblemAnswer } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import type { RouteInput, RouteV1 } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { memberRoutes } from './routes/members.ts';
import { networkRoutes } from './routes/networks.ts';
import { nodeRoutes } from './routes/node.ts';
import type { ApiEvent, ApiV1Host, Caller, ScopeV1 } from './service.ts';

/** What was asked. */
export interface RequestV1 {
  readonly method: string;
  /** The parts between the slashes, after `api/v1`, decoded. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: ApiBody;
  /** The text of the token; empty where there is none. */
  readonly token: string;
  readonly ifMatch: string | null;
  readonly lastEventId: string | null;
}

/** What is answered. */
export type AnswerV1 =
  | ProblemAnswer
  | {
      readonly kind: 'json';
      readonly status: number;
      /** Undefined: an empty body. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      /** Events, until the other side goes. */
      readonly kind: 'events';
      /** Null: too many listen. */
      readonly listen: (onEvent: (event: ApiEvent) => void) => (() => void) | null;
    };

/** All routes. */
export const routesV1: readonly RouteV1[] = [
  ...networkRoutes,
  ...memberRoutes,
  ...accessRoutes,
  ...nodeRoutes,
];

/** Requests that one caller may make at once, and a second. */
const callerRate = { burst: 200, perSecond: 100 };
/** The same for all together who show no token that is known. */
const strangerRate = { burst: 20, perSecond: 5 };

/** Answers for one daemon. */
export class ApiV1 {
  readonly #host: ApiV1Host;
  readonly #version: string;
  readonly #callers = new RateLimit(callerRate);
  readonly #strangers = new RateLimit(strangerRate);

  constructor(host: ApiV1Host, version: string) {
    this.#host = host;
    this.#version = version;
  }

  /** @param nowMs - monotonic */
  async answer(nowMs: number, request: RequestV1): Promise<AnswerV1> {
    try {
      return await this.#answer(nowMs, request);
    } catch (error) {
      if (error instanceof OverspanError) return problemOf(error);
      throw error;
    }
  }

  async #answer(nowMs: number, request: RequestV1): Promise<AnswerV1> {
    const caller = this.#host.callerOf(request.token);
    if (caller === null) {
      const waitMs = this.#strangers.take(nowMs, '');
      if (waitMs > 0) return tooMany(waitMs);
      return problem(401, 'API_TOKEN_REFUSED', 'there is no such token, or it has ended', {
        remedy: 'send one: Authorization: Bearer TOKEN; make one: overspan api-token create',
      });
    }
    const waitMs = this.#callers.take(nowMs, `${caller.kind}:${caller.id}`);
    if (waitMs > 0) return tooMany(waitMs);
    if (isWords(request.path, ['openapi.json']) && request.method === 'GET')
      return { kind: 'json', status: 200, body: openApi(routesV1, this.#version) };
    if (isWords(request.path, ['events']) && request.method === 'GET') return this.#events(request);
    return await this.#run(caller, request);
  }

  #events({ lastEventId }: RequestV1): AnswerV1 {
    const after = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : null;
    return { kind: 'events', listen: (onEvent) => this.#host.listen(after, onEvent) };
  }

  async #run(caller: Caller, request: RequestV1): Promise<AnswerV1> {
    const found = find(request);
    if (found === null)
      return problem(404, 'API_PATH_UNKNOWN', 'there is nothing at this path', {
        remedy: 'see which there are: GET /api/v1/openapi.json',
      });
    if (typeof found === 'string')
      return problem(405, 'API_METHOD_UNKNOWN', `only ${found} may be asked of this path`, {
        remedy: 'see what it takes: GET /api/v1/openapi.json',
      });
    const { route, params } = found;
    if (!allows(caller.scopes, route.scope))
      return problem(403, 'API_SCOPE_MISSING', `this needs the scope ${route.scope}`, {
        remedy: `make a token that has it: overspan api-token create NAME --scope ${route.scope}`,
      });
    const service = this.#host.as(caller);
    const looked: RouteInput<unknown, unknown> = { params, body: null, query: null, service };
    if (request.method !== 'GET' && request.ifMatch !== null && route.revision !== undefined) {
      const told = route.revision(looked);
      // Not waited for where it is there: what follows is then done in the same turn.
      const current = told instanceof Promise ? await told : told;
      if (request.ifMatch !== '*' && current === null)
        return problem(412, 'API_CHANGED_MEANWHILE', 'this service tells no revision of it', {
          remedy: 'read it again, and send the change without If-Match',
        });
      if (request.ifMatch !== '*' && request.ifMatch !== etag(current ?? 0))
        return problem(412, 'API_CHANGED_MEANWHILE', 'somebody has changed it since it was read', {
          remedy: 'read it again, look at what is different, and send the change again',
        });
    }
    const answer = await route.run({
      params,
      body: checked(route.body, bodyOf(request.body), 'the body'),
      query: checked(route.query, request.query, 'the query'),
      service,
    });
    if (route.answer === null) return { kind: 'json', status: 204 };
    const revision = route.revision === undefined ? undefined : revisionOf(answer);
    return {
      kind: 'json',
      status: route.status ?? 200,
      body: answer,
      ...(revision === undefined ? {} : { headers: { ETag: etag(revision) } }),
    };
  }
}

function isWords(path: readonly string[], words: readonly string[]): boolean {
  return path.length === words.length && words.every((word, i) => path[i] === word);
}

/** The route; which methods there are instead; null: none at this path. */
function find({
  method,
  path,
}: RequestV1):
  { readonly route: RouteV1; readonly params: Record<string, string> } | string | null {
  const methods: string[] = [];
  for (const route of routesV1) {
    const params = matched(route.path.split('/').slice(1), path);
    if (params === null) continue;
    if (route.method === method) return { route, params };
    methods.push(route.method);
  }
  return methods.length === 0 ? null : methods.join(', ');
}

function matched(
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [i, word] of pattern.entries()) {
    const given = path[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(word)?.[1];
    if (name !== undefined) params[name] = given.toLowerCase();
    else if (word !== given) return null;
  }
  return params;
}

function allows(held: readonly ScopeV1[], needed: ScopeV1): boolean {
  return held.includes('admin') || held.includes(needed) || needed === 'read';
}

function bodyOf(body: ApiBody): unknown {
  if (body.kind === 'empty') return {};
  if (body.kind === 'json') return body.value;
  throw apiError('API_BODY_INVALID', body.problem, { remedy: 'send JSON' });
}

function checked(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const at = first === undefined || first.path.length === 0 ? '' : ` at ${first.path.join('.')}`;
  const said = escapeText(`${what}${at}: ${first?.message ?? 'is wrong'}`, 500);
  throw apiError('API_BODY_INVALID', said, {
    remedy: 'correct it and send it again; nothing was changed',
  });
}

function revisionOf(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null || !('revision' in answer)) return undefined;
  return typeof answer.revision === 'number' ? answer.revision : undefined;
}

function etag(revision: number): string {
  return `"${revision}"`;
}

function tooMany(waitMs: number): AnswerV1 {
  const retryAfterS = Math.ceil(waitMs / 1_000);
  const said = problem(429, 'API_TOO_MANY', 'too many requests', {
    remedy: `wait ${retryAfterS} s`,
  });
  return { ...said, retryAfterS };
}
