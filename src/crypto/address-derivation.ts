/**
 * Which address belongs to a public key, and how an identity that has one is found.
 *
 * Source: vl1.md 1.2. An address is valid for a public key where all of these hold: it is not reserved; the first byte of
 * the key's {@link addressHash} is below 17 (the proof of work); its five bytes are the last five of that hash. About one
 * key in fifteen satisfies the second, so that making an identity costs about fifteen hashes.
 *
 * Here, and not beside the codec of identities, because the thread that does this work (io/identity) knows no wire.
 */
import { assert } from '../base/errors.ts';
import type { Address } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { addressHash } from './address-hash.ts';
import type { CryptoProvider } from './provider.ts';

/** The rules that an identity can break, in the order in which they are asked; the value says what is wrong. */
export const identityRules = {
  'reserved-address': 'the address is zero or begins with ff, which no node may have',
  'proof-of-work': 'the hash of the public key is not below the limit that makes addresses costly',
  'wrong-address': 'the address is not the one that follows from the public key',
} as const;

/** One of the names in {@link identityRules}. */
export type IdentityRule = keyof typeof identityRules;

/** What {@link generateIdentity} gives: the `SecretIdentity` of `wire/identity`. */
export interface GeneratedIdentity {
  readonly identity: { readonly address: Address; readonly publicKey: Uint8Array };
  readonly secretKey: Secret<Uint8Array>;
}

/** Random bytes of one identity: they become its secret key. */
export const identityEntropyLength = 64;

const proofOfWorkLimit = 17;

/** Not reached by chance: the odds are 1 in 10^120. */
const attemptsMax = 4096;

/** Whether no node may have this address: zero, and those that begin with ff. */
export function isReservedAddress(address: Address): boolean {
  return address === 0 || Math.floor(address / 0x1_0000_0000) === 0xff;
}

/**
 * The rule that an address and a public key break together, null where the identity is valid. Costs a hash unless the
 * address is reserved, so ask only after everything that is cheaper (vl1.md 8, point 4).
 *
 * @param publicKey - 64 bytes. @param scratch - see {@link addressHash}
 */
export function brokenIdentityRule(
  provider: CryptoProvider,
  address: Address,
  publicKey: Uint8Array,
  scratch?: Uint32Array,
): IdentityRule | null {
  if (isReservedAddress(address)) return 'reserved-address';
  const digest = addressHash(provider, publicKey, scratch);
  if (!isPaidFor(digest)) return 'proof-of-work';
  return addressIn(digest) === address ? null : 'wrong-address';
}

/**
 * Finds an identity: the same one for the same entropy. About 15 hashes; much longer for an unlucky one.
 *
 * @param entropy - 64 random bytes, borrowed: to be wiped by the caller
 * @param scratch - see {@link addressHash}
 */
export function generateIdentity(
  provider: CryptoProvider,
  entropy: Uint8Array,
  scratch?: Uint32Array,
): GeneratedIdentity {
  assert(entropy.length === identityEntropyLength, 'an identity is made of 64 random bytes');
  const secretKey = entropy.slice();
  const agreementKey = secretKey.subarray(0, 32);
  const publicKey = new Uint8Array(64);
  publicKey.set(provider.ed25519PublicKey(secretKey.subarray(32)), 32);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    publicKey.set(provider.x25519PublicKey(agreementKey));
    const digest = addressHash(provider, publicKey, scratch);
    const address = addressIn(digest);
    if (isPaidFor(digest) && !isReservedAddress(address))
      return { identity: { address, publicKey }, secretKey: new Secret(secretKey) };
    step(agreementKey);
  }
  throw new Error('invariant broken: one public key in fifteen has an address');
}

/** Makes another private key of one: away from the bytes at both ends, which clamping changes (vl1.md 1.2). */
function step(agreementKey: Uint8Array): void {
  const words = new DataView(agreementKey.buffer, agreementKey.byteOffset, agreementKey.length);
  words.setBigUint64(8, words.getBigUint64(8, true) + 1n, true);
  words.setBigUint64(16, words.getBigUint64(16, true) - 1n, true);
}

function isPaidFor(digest: Uint8Array): boolean {
  return (digest[0] as number) < proofOfWorkLimit;
}

function addressIn(digest: Uint8Array): Address {
  const view = new DataView(digest.buffer, digest.byteOffset, digest.length);
  return (view.getUint8(59) * 0x1_0000_0000 + view.getUint32(60)) as Address;
}
