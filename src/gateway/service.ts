/** What the page is about: services that own or join networks, each by a name, all asked in the words of /api/v1. */
import type { Readable } from 'node:stream';

import type { BackendKind } from '../api/backend/index.ts';
import type { AnswerV1, RequestV1 } from '../api/v1/index.ts';
import type { Secret } from '../base/secret.ts';

/** What a service answers: itself, or what another process answers, byte by byte. */
export type GatewayAnswer =
  | AnswerV1
  | {
      readonly kind: 'passed-on';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Readable | null;
    };

/** One service. */
export interface GatewayService {
  /** In URLs: the name of a context, or `here`. */
  readonly name: string;
  readonly kind: BackendKind;
  /** Where people are sent who are to join a network of it, without network and invitation; undefined: there is no such page. */
  readonly joinUrl?: string;
  /**
   * Answers one request.
   *
   * @param credential - what the session was opened with; null: the service has a token of its own
   * @param gone - when whoever asks is gone
   */
  answer(
    request: RequestV1,
    credential: Secret<string> | null,
    gone: AbortSignal,
  ): Promise<GatewayAnswer>;
}

/** Who may open a session. */
export interface Admission {
  /** What to look for, in a sentence: `the token in /var/lib/overspan/authtoken.secret`. */
  readonly hint: string;
  /** @returns what the session acts with; false: the text opens nothing */
  admit(text: string): Promise<Secret<string> | null | false>;
  /** Whether a session may start measurements, which are programs on this machine, and see their results. */
  mayMeasure(credential: Secret<string> | null): boolean;
}
