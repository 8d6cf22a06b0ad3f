/** What a browser sends with a request: read once, and refused where it cannot be what was meant. */
import type { IncomingMessage } from 'node:http';

import { apiError } from '../api/errors.ts';
import type { ApiBody } from '../api/routes/index.ts';
import { bodyBytesMax, parseJson, readBody } from '../http/body.ts';
import { gatewayError } from './errors.ts';

/** What came, as a value; or nothing. */
export type GivenBody = Exclude<ApiBody, { readonly kind: 'malformed' }>;

/** @throws UI_BODY_TOO_LONG, API_BODY_INVALID */
export async function readJson(request: IncomingMessage): Promise<GivenBody> {
  const text = await readBody(request);
  if (text === null)
    throw gatewayError('UI_BODY_TOO_LONG', `the body is longer than ${bodyBytesMax} bytes`, {
      remedy: 'send less at once; nothing was changed',
    });
  const body = parseJson(text);
  if (body.kind !== 'malformed') return body;
  throw apiError('API_BODY_INVALID', body.problem, { remedy: 'send JSON; nothing was changed' });
}

/** A text that is a field of what came; empty where there is none. @throws as {@link readJson} */
export async function readField(request: IncomingMessage, name: string): Promise<string> {
  const body = await readJson(request);
  const fields =
    body.kind === 'json' ? (body.value as Readonly<Record<string, unknown>> | null) : {};
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}
