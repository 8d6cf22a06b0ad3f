/**
 * What two identities share: 48 bytes that both can compute and nobody else.
 *
 * Source: vl1.md 1.5: `SHA-512(X25519(private, public))[0..48]`. Keys of an identity are pairs of 32 bytes, X25519 first,
 * Ed25519 second; the agreement uses the first.
 */
import { assert } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { CryptoProvider } from './provider.ts';

/** Bytes of both keys of an identity, secret or public. */
export const keyPairLength = 64;

/** Bytes of {@link agree}. */
export const sharedKeyLength = 48;

/**
 * The shared key of my secret and their public keys; the same from both sides.
 *
 * @param secretKey - 64 bytes. @param publicKey - 64 bytes
 * @returns 48 bytes, new, for the caller to wipe; null where their key is a point of low order: drop the packet
 */
export function agree(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  publicKey: Uint8Array,
): Uint8Array | null {
  const secret = secretKey.reveal();
  assert(secret.length === keyPairLength && publicKey.length === keyPairLength, 'keys are pairs');
  const raw = provider.x25519(secret.subarray(0, 32), publicKey.subarray(0, 32));
  if (raw === null) return null;
  const digest = provider.sha512(raw);
  const key48 = digest.slice(0, sharedKeyLength);
  raw.fill(0);
  digest.fill(0);
  return key48;
}
