/**
 * Derives keys for one purpose each from the 48 bytes that two peers share.
 *
 * Source: vl1.md 2.7; the counter mode of NIST SP 800-108 over HMAC-SHA-384, one block long. The message:
 *
 * | offset | size | |
 * |---|---|---|
 * | 0 | 4 | iteration, the counter of the block: the first is 0 here, not 1 |
 * | 4 | 2 | "ZT" |
 * | 6 | 1 | label: what the key is for |
 * | 7 | 1 | 0 |
 * | 8 | 1 | context |
 * | 9 | 4 | 384: bits derived |
 */
import { assert } from '../base/errors.ts';
import type { CryptoProvider } from './provider.ts';

/**
 * One derived key.
 *
 * @param key48 - 48 bytes, see `agreement.ts`
 * @param label - one ASCII character: `0` for the key of GMAC, `1` for the key of AES-CTR
 * @param context - one byte. @param iteration - 32 bits
 * @returns 48 bytes, new; AES takes the first 32
 */
export function kbkdf(
  provider: CryptoProvider,
  key48: Uint8Array,
  label: string,
  context: number,
  iteration: number,
): Uint8Array {
  assert(key48.length === 48 && label.length === 1, 'a derivation takes 48 bytes and a character');
  const message = new Uint8Array(13);
  new DataView(message.buffer).setUint32(0, iteration);
  message.set([0x5a, 0x54, label.charCodeAt(0), 0x00, context, 0x00, 0x00, 0x01, 0x80], 4);
  return provider.hmacSha384(key48, message);
}
