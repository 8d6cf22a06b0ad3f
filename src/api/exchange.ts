/** One HTTP request and its answer; runs wherever there is `fetch`. */
import { errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';

/** What is used of `fetch`. */
export type ApiFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    readonly redirect?: 'error';
    readonly keepalive?: true;
    readonly body?: string;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** How a server is reached. */
export interface Reach {
  /** Stops what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** Default: the platform's own `fetch`. */
  readonly fetch?: ApiFetch | undefined;
  /** The error where no answer comes. @param why - for people, escaped. @param cause - what was thrown */
  readonly unreachable: (why: string, cause: unknown) => Error;
}

/** What is asked. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined: none. */
  readonly body: unknown;
  readonly redirect?: 'error';
  /** It is sent also where the page that asks is left; browsers take 64 KiB of such at a time. */
  readonly keepalive?: true;
}

/** Asks. @throws what `unreachable` gives; where `signal` stopped it, what `fetch` threw */
export async function exchange(
  { signal, timeoutMs, fetch: ask = fetch, unreachable }: Reach,
  { method, url, headers, body, ...rest }: ApiRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await ask(url, {
      method,
      headers,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...rest,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    // `fetch failed` says nothing; what failed is its cause.
    const cause = error instanceof Error ? error.cause : undefined;
    throw unreachable(escapeText(errorMessage(cause ?? error)), error);
  }
}
