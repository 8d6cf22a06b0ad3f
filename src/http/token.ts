/** Comparing what somebody shows with a secret. */
import { createHash, timingSafeEqual } from 'node:crypto';

import type { Secret } from '../base/secret.ts';

/** Compares hashes, so that neither content nor length shows in the time it takes. An empty text is nobody's. */
export function isToken(text: string, token: Secret<string>): boolean {
  const hash = (value: string): Uint8Array => createHash('sha256').update(value).digest();
  return text !== '' && timingSafeEqual(hash(text), hash(token.reveal()));
}
