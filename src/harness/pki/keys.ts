/** Key pairs: which kinds we make, and which of others we sign. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import { keyTypeName } from './describe.ts';
import { pkiError } from './errors.ts';

/** The kinds of key that we make. */
export const keyTypes = ['ecdsa-p256', 'rsa-2048', 'rsa-3072'] as const;
export type KeyType = (typeof keyTypes)[number];

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** A new key pair from the system's entropy. RSA takes a good part of a second. */
export async function generateKeys(type: KeyType): Promise<KeyPair> {
  switch (type) {
    case 'ecdsa-p256':
      return generate('ec', { namedCurve: 'prime256v1' });
    case 'rsa-2048':
      return generate('rsa', { modulusLength: 2048 });
    case 'rsa-3072':
      return generate('rsa', { modulusLength: 3072 });
  }
}

/** PKCS#8 in PEM, unencrypted. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The kind of key that goes with an authority's own: elliptic with elliptic, RSA with RSA. */
export function leafKeyType(authorityKey: KeyObject): KeyType {
  return authorityKey.asymmetricKeyType === 'rsa' ? 'rsa-2048' : 'ecdsa-p256';
}

/**
 * Refuses keys that every TLS library of today would refuse, or that cost a verifier too much.
 *
 * @throws PKI_KEY_UNSUPPORTED
 */
export function checkKeyKind(key: KeyObject, what: string): void {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const isAccepted =
    (key.asymmetricKeyType === 'ec' &&
      ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)) ||
    (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192);
  if (isAccepted) return;
  throw pkiError('PKI_KEY_UNSUPPORTED', `${what} has a key of kind ${keyTypeName(key)}`, {
    remedy: 'use ECDSA on P-256, P-384 or P-521, or RSA of 2048 to 8192 bits',
  });
}
