import { describe } from 'vitest';

import { nodeProvider, opensslProvider } from '../../src/io/crypto/index.ts';
import { cryptoConformance } from './crypto.ts';

describe('the cryptography of node:crypto', () => {
  cryptoConformance(nodeProvider);
});

describe('the cryptography of OpenSSL through FFI', () => {
  cryptoConformance(opensslProvider);
});
