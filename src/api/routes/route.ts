/** A request to the API and its answer, without HTTP around them. */
import type { NodeService } from '../service.ts';

/** What was asked. PUT is POST. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The parts between the slashes: `['network', '8056c2e21c000001']`. */
  readonly path: readonly string[];
  /** Parsed JSON; `{}` where none was sent; undefined where it was none. */
  readonly body: unknown;
}

/** What is answered. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON; undefined: an empty body. */
  readonly body?: unknown;
}

/** Answers the requests of one noun; null for a path that it has not. */
export type Route = (request: ApiRequest, service: NodeService) => ApiAnswer | null;

/** 200 with a body. */
export function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

/** 404 with an empty body. */
export const notFound: ApiAnswer = { status: 404 };
