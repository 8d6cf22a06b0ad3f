/** One route of /api/v1: what it is called by, what it takes and gives, and what is done. OpenAPI is made of the same. */
import type { z } from 'zod';

import type { Answered } from './node-management.ts';
import type { ManagementService, ScopeV1 } from './service.ts';

/** What is handed to a route. Everything in it has been checked. */
export interface RouteInput<Body, Query> {
  /** By name, as they stand in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  readonly service: ManagementService;
}

/** A route. */
export interface RouteV1<Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1: `/networks/{network}`. */
  readonly path: string;
  readonly scope: ScopeV1;
  readonly summary: string;
  readonly body?: z.ZodType<Body>;
  readonly query?: z.ZodType<Query>;
  /** Null: 204, nothing. */
  readonly answer: z.ZodType | null;
  /** Of what was made; default 200. */
  readonly status?: 201;
  /** The revision of what the path names, for ETag and If-Match; null: the service tells none. */
  readonly revision?: (input: RouteInput<unknown, unknown>) => Answered<number | null>;
  readonly run: (input: RouteInput<Body, Query>) => unknown;
}

/** Checks a route against its own types, and forgets them. */
export function route<Body, Query>(given: RouteV1<Body, Query>): RouteV1 {
  return given as unknown as RouteV1;
}

/** The revision of what was asked for: at once where that is there at once, so that nobody comes between a look and a change. */
export function revisionOf(
  found: Answered<{ readonly revision: number | null }>,
): Answered<number | null> {
  return found instanceof Promise ? found.then(({ revision }) => revision) : found.revision;
}
