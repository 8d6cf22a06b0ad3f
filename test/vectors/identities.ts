/** A thousand valid identities with their secret keys: nodes for tests. See tools/make-identities.ts. */
import { readFileSync } from 'node:fs';

import { parseSecretIdentity, type SecretIdentity } from '../../src/wire/identity.ts';

const lines = readFileSync(new URL('identities-1000.txt', import.meta.url), 'latin1')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** How many there are. */
export const testIdentityCount: number = lines.length;

/** Identity number `index`, always the same one, from 0 on. */
export function testIdentity(index: number): SecretIdentity {
  const identity = parseSecretIdentity(lines[index] ?? '');
  if (identity === null) throw new Error(`there is no test identity ${index}`);
  return identity;
}
