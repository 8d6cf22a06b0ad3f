/**
 * Signatures: standard Ed25519 over the first half of the message's SHA-512, with that half behind it.
 *
 * Source: vl1.md 1.6.
 *
 * | offset | size | |
 * |---|---|---|
 * | 0 | 64 | Ed25519 signature of the 32 bytes that follow |
 * | 64 | 32 | SHA-512 of the message, its first 32 bytes |
 */
import { equalBytes } from '../base/bytes.ts';
import { assert } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { keyPairLength } from './agreement.ts';
import type { CryptoProvider } from './provider.ts';

/** Bytes of a signature. */
export const signatureLength = 96;

const ed25519Length = 64;
const digestLength = 32;

/**
 * Signs; the same message always gives the same signature.
 *
 * @param secretKey - 64 bytes, both keys of an identity
 * @returns 96 bytes, new
 */
export function sign(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  message: Uint8Array,
): Uint8Array {
  const secret = secretKey.reveal();
  assert(secret.length === keyPairLength, 'a secret key is a pair');
  const digest = provider.sha512(message).subarray(0, digestLength);
  const signature = new Uint8Array(signatureLength);
  signature.set(provider.ed25519Sign(secret.subarray(32), digest));
  signature.set(digest, ed25519Length);
  return signature;
}

/**
 * Whether the owner of a public key signed a message.
 *
 * @param publicKey - 64 bytes, both keys of an identity
 * @param signature - from the network: of any length and content
 */
export function verify(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  assert(publicKey.length === keyPairLength, 'a public key is a pair');
  if (signature.length !== signatureLength) return false;
  // The digest is compared first: it is public, and cheaper than the curve.
  const digest = signature.subarray(ed25519Length);
  if (!equalBytes(digest, provider.sha512(message).subarray(0, digestLength))) return false;
  return provider.ed25519Verify(
    publicKey.subarray(32),
    digest,
    signature.subarray(0, ed25519Length),
  );
}
