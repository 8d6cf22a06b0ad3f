/**
 * Makes test/vectors/identities-1000.txt: a thousand valid identities, always the same ones. Takes minutes of one core.
 *
 *     nice npx tsx tools/make-identities.ts
 *
 * The secret key of each comes from SHA-512 of a sentence and its number, so that everybody knows them: they are for
 * tests alone.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { generateIdentity } from '../src/crypto/address-derivation.ts';
import { nodeProvider } from '../src/io/crypto/node-provider.ts';
import { formatSecretIdentity } from '../src/wire/identity.ts';

const count = 1000;

const lines = [
  '# A thousand valid identities with their secret keys, for tests. Never use one: everybody has the keys.',
  '# Made by tools/make-identities.ts from a fixed seed; read by identities.ts.',
];

/** Test identity number `index`. */
function identityText(index: number): string {
  const entropy = createHash('sha512').update(`overspan test identity ${index}`).digest();
  const made = generateIdentity(nodeProvider(), new Uint8Array(entropy));
  return formatSecretIdentity(made).reveal();
}

for (let index = 0; index < count; index++) {
  lines.push(identityText(index));
  if ((index + 1) % 100 === 0) console.error(`${index + 1} of ${count}`);
}
writeFileSync(
  fileURLToPath(new URL('../test/vectors/identities-1000.txt', import.meta.url)),
  `${lines.join('\n')}\n`,
);
