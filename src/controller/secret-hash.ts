/** What is kept of a token, of an invitation or of the API, in place of it. */
import { latin1Bytes, toHex } from '../base/bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** 64 digits. A token is random, so that no salt is needed. */
export function secretHash(provider: CryptoProvider, token: string): string {
  return toHex(provider.sha512(latin1Bytes(token)).subarray(0, 32));
}
