/** AES-GMAC-SIV straight from vl1.md 2.8, with the primitives of @noble/ciphers. */
import { ctr, ecb, gcm } from '@noble/ciphers/aes.js';

import { concatBytes, toHex } from '../../src/base/bytes.ts';

/** What sealing gives. */
export interface Sealed {
  readonly tag: Uint8Array;
  readonly cipherText: Uint8Array;
}

/** @param k0 - 32 bytes, of GMAC. @param k1 - 32 bytes, of CTR and the block. @param iv8 - 8 bytes */
export function sivEncrypt(
  k0: Uint8Array,
  k1: Uint8Array,
  iv8: Uint8Array,
  aad: Uint8Array,
  plainText: Uint8Array,
): Sealed {
  const t8 = folded(k0, iv8, aad, plainText);
  const tag = ecb(k1, { disablePadding: true }).encrypt(concatBytes(iv8, t8));
  return { tag, cipherText: stream(k1, tag, plainText) };
}

/** The plain text with its iv, null where the tag does not match. */
export function sivDecrypt(
  k0: Uint8Array,
  k1: Uint8Array,
  tag: Uint8Array,
  aad: Uint8Array,
  cipherText: Uint8Array,
): { iv8: Uint8Array; plainText: Uint8Array } | null {
  const plainText = stream(k1, tag, cipherText);
  const block = ecb(k1, { disablePadding: true }).decrypt(tag);
  const iv8 = block.slice(0, 8);
  const right = toHex(folded(k0, iv8, aad, plainText)) === toHex(block.slice(8));
  return right ? { iv8, plainText } : null;
}

function folded(
  k0: Uint8Array,
  iv8: Uint8Array,
  aad: Uint8Array,
  plainText: Uint8Array,
): Uint8Array {
  const padding = new Uint8Array((16 - (aad.length % 16)) % 16);
  const nonce = concatBytes(iv8, new Uint8Array(4));
  const data = concatBytes(aad, padding, plainText);
  const g = gcm(k0, nonce, data).encrypt(new Uint8Array(0));
  return Uint8Array.from({ length: 8 }, (_, i) => g[i]! ^ g[i + 8]!);
}

function stream(k1: Uint8Array, tag: Uint8Array, text: Uint8Array): Uint8Array {
  const ctr0 = Uint8Array.from(tag, (byte, i) => (i === 12 ? byte & 0x7f : byte));
  return text.length === 0 ? text : ctr(k1, ctr0).encrypt(text);
}
