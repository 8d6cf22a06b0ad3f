/**
 * The key that signs the revisions of a world: two key pairs as an identity has them, but no address.
 *
 * Text, for a file that only its owner may read: `world-key:<128 digits public>:<128 digits secret>`. It is no key of any
 * root: a root that is lost or broken into cannot sign a planet without its owner. Source of the layout: vl1.md 1.1, 5.1.
 */
import { concatBytes, equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { assert } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** Whose signature a revision bears. */
export interface WorldKey {
  /** 64 bytes: X25519, then Ed25519. */
  readonly publicKey: Uint8Array;
  /** 64 bytes: X25519 private, then Ed25519 seed. */
  readonly secretKey: Secret<Uint8Array>;
}

/** Bytes of each half of a key. */
export const worldKeyLength = 64;

const prefix = 'world-key';

/** The key of 64 random bytes. @param secretKey - kept */
export function worldKeyOf(provider: CryptoProvider, secretKey: Uint8Array): WorldKey {
  assert(secretKey.length === worldKeyLength, 'a world key has 64 bytes');
  const publicKey = concatBytes(
    provider.x25519PublicKey(secretKey.subarray(0, 32)),
    provider.ed25519PublicKey(secretKey.subarray(32)),
  );
  return { publicKey, secretKey: new Secret(secretKey) };
}

/** One line, without its end. */
export function formatWorldKey({ publicKey, secretKey }: WorldKey): Secret<string> {
  return new Secret(`${prefix}:${toHex(publicKey)}:${toHex(secretKey.reveal())}`);
}

/** Reads the text; null for anything else, also where the two halves do not belong together. */
export function parseWorldKey(provider: CryptoProvider, text: string): WorldKey | null {
  const [name, publicText = '', secretText = '', ...rest] = text.trim().split(':');
  const publicKey = fromHex(publicText);
  const secretKey = fromHex(secretText);
  if (name !== prefix || rest.length > 0 || publicKey === null || secretKey === null) return null;
  if (publicKey.length !== worldKeyLength || secretKey.length !== worldKeyLength) return null;
  const key = worldKeyOf(provider, secretKey);
  return equalBytes(key.publicKey, publicKey) ? key : null;
}
