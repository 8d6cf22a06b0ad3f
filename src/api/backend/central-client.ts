/**
 * Requests to the API of ZeroTier Central (legacy, v1): with the account's token, no more than it takes, and its statuses as
 * errors of ours. Source: management.md 7, which is from its public description: nothing of it was run against Central itself.
 */
import type { z } from 'zod';

import { escapeText } from '../../base/escape.ts';
import type { Secret } from '../../base/secret.ts';
import { apiError } from '../errors.ts';
import { exchange, type ApiFetch } from '../exchange.ts';
import type { BackendSurroundings } from './backend.ts';
import { Pace } from './pace.ts';

/** Where Central is. */
export const centralOrigin = 'https://api.zerotier.com/api/v1';

/** 20 requests a second are free. */
const requestGapMs = 50;
/** How often a request is sent again that was one too many, and after how long, ms. */
const busyTries = 3;
const busyWaitMs = 1_000;

/** Where it is and what it wants to see. */
export interface CentralClientOptions extends BackendSurroundings {
  /** With the path of the version, without a slash behind it. */
  readonly origin: string;
  readonly token: Secret<string>;
  readonly signal?: AbortSignal | undefined;
  /** Default 20 s. */
  readonly timeoutMs?: number;
  readonly fetch?: ApiFetch;
}

/** See the head of this file. */
export class CentralClient {
  readonly #options: CentralClientOptions;
  readonly #pace: Pace;

  constructor(options: CentralClientOptions) {
    this.#options = options;
    this.#pace = new Pace(options, requestGapMs);
  }

  /**
   * Asks, and checks the answer.
   *
   * @throws CENTRAL_TOKEN_REFUSED, CENTRAL_FORBIDDEN, CENTRAL_NOT_FOUND, CENTRAL_BUSY, CENTRAL_UNREACHABLE, CENTRAL_FAILED
   */
  async ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const text = await this.#send(method, path, body);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw unexpected('what it said is not JSON', error);
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw unexpected(escapeText(parsed.error.message.replaceAll('\n', ' '), 300));
  }

  /** Deletes; what is answered is of no use. Throws the same. */
  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  async #send(method: string, path: string, body?: unknown): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      await this.#pace.turn();
      const { status, text } = await this.#once(method, path, body);
      if (status >= 200 && status < 300) return text;
      // It was not looked at, so it may be sent again whatever it was.
      if (status !== 429 || attempt > busyTries) throw refusal(status, path);
      if (attempt === 1) this.#options.say('ZeroTier Central says: too many requests; waiting');
      await this.#options.wait(busyWaitMs * attempt);
    }
  }

  #once(
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const { origin, token, signal, timeoutMs = 20_000, fetch } = this.#options;
    return exchange(
      { signal, timeoutMs, fetch, unreachable: (why, cause) => unreachable(origin, why, cause) },
      {
        method,
        url: `${origin}${path}`,
        headers: {
          Authorization: `token ${token.reveal()}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        body,
        // The token is for this host and no other.
        redirect: 'error',
      },
    );
  }
}

function unreachable(origin: string, why: string, cause: unknown): Error {
  return apiError('CENTRAL_UNREACHABLE', `cannot reach ${origin}: ${why}`, {
    remedy: 'see that this machine reaches it, and the URL: overspan context list',
    cause,
    details: { origin },
  });
}

function refusal(status: number, path: string): Error {
  const details = { status };
  switch (status) {
    case 401:
      return apiError('CENTRAL_TOKEN_REFUSED', 'ZeroTier Central does not accept the token', {
        remedy:
          'make one in its account settings, then: overspan context remove NAME; overspan context add NAME --central',
        details,
      });
    case 403:
      return apiError('CENTRAL_FORBIDDEN', 'ZeroTier Central does not let this account do this', {
        remedy: "ask the network's owner for the right, or use the token of another account",
        details,
      });
    case 404:
      return apiError('CENTRAL_NOT_FOUND', `ZeroTier Central has nothing at ${path}`, {
        remedy: 'see: overspan network list',
        details,
      });
    case 429:
      return apiError('CENTRAL_BUSY', 'ZeroTier Central takes no more requests for now', {
        remedy: 'wait a minute; other programs may use the same account',
        details,
      });
    default:
      return unexpected(`status ${status}`);
  }
}

function unexpected(message: string, cause?: unknown): Error {
  return apiError(
    'CENTRAL_FAILED',
    `ZeroTier Central answered otherwise than expected: ${message}`,
    {
      remedy: 'try again; where it stays so, see that the URL is of the API, version 1',
      cause,
    },
  );
}
