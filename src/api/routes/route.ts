/** A request to the API and its answer, without HTTP around them. */
import type { NodeService } from '../service.ts';

/** What was asked. PUT is POST. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The parts between the slashes: `['network', '8056c2e21c000001']`. */
  readonly path: readonly string[];
  readonly body: ApiBody;
}

/** What came with a request. */
export type ApiBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  /** Not JSON, or nested too deep. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** What is answered. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON; undefined: an empty body. */
  readonly body?: unknown;
  /** In place of JSON that is made of `body`. */
  readonly text?: { readonly type: string; readonly content: string };
}

/** Answers the requests of one noun; null for a path that it has not. */
export type Route = (
  request: ApiRequest,
  service: NodeService,
) => ApiAnswer | null | Promise<ApiAnswer | null>;

/** 200 with a body. */
export function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

/** 200 with a body, 404 without one where there is nothing. */
export function found(value: unknown): ApiAnswer {
  return value === null ? notFound : ok(value);
}

/** 404 with an empty body. */
export const notFound: ApiAnswer = { status: 404 };

/** 500, as the official service answers what is not JSON. */
export function malformed(problem: string): ApiAnswer {
  return { status: 500, body: { error: 500, description: problem } };
}

/** An ID of 16 or an address of 10 digits as it stands in a path; null: it is none, of that length. */
export function digits(word: string | undefined, length: 10 | 16): string | null {
  return word?.length === length && /^[0-9a-fA-F]+$/.test(word) ? word.toLowerCase() : null;
}
