/** What comes with a request: read to a limit, and never nested deeper than anything of ours is. */
import type { IncomingMessage } from 'node:http';

import type { ApiBody } from '../api/routes/index.ts';
import { errorMessage } from '../base/errors.ts';

/** Bytes of the largest body that is read. */
export const bodyBytesMax = 1 << 20;
/** Objects and lists within each other in a body: no request needs more than five. */
export const bodyDepthMax = 32;

/** @returns null where the body is too long */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The text of a body as a value. */
export function parseJson(text: string): ApiBody {
  if (text.trim() === '') return { kind: 'empty' };
  try {
    const value = JSON.parse(text) as unknown;
    if (isWithinDepth(value, bodyDepthMax)) return { kind: 'json', value };
    return { kind: 'malformed', problem: `the body is nested deeper than ${bodyDepthMax}` };
  } catch (error) {
    return { kind: 'malformed', problem: `the body is not JSON: ${errorMessage(error)}` };
  }
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithinDepth(inner, depth - 1));
}
