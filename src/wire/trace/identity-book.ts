/**
 * Whom a trace knows: identities whose secret was given, and public ones that were given or seen on the way; and the
 * keys of every pair of which one secret is known.
 *
 * An identity that a HELLO merely claims is believed until a better one comes: from a packet whose code was right, from
 * a root's answer, or from a file. Addresses are not hashed again here (vl1 1.2: 20 ms and more each).
 */
import type { Address } from '../../base/ids.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { sameIdentity, type Identity, type SecretIdentity } from '../identity.ts';

/** Public identities that are kept; the ones learnt first are forgotten first. */
export const knownIdentitiesMax = 65_536;
/** Pairs whose keys are kept ready. */
export const keyPairsMax = 1_024;

/** How sure it is that an identity is the one of its address. */
export type Certainty = 'claimed' | 'trusted';

interface Known {
  readonly identity: Identity;
  readonly certainty: Certainty;
}

interface Pair {
  readonly keys: PeerKeys;
  /** Whom the keys were agreed with: another identity of the same address needs others. */
  readonly other: Identity;
}

/** Why there are no keys of two addresses, with what is said of it. */
export const keyGaps = {
  'no-secret': 'the secret of neither is given',
  'no-identity': 'the identity of the other has not been seen',
  'bad-key': 'the public key of the other is of low order',
} as const;

/** One of the names in {@link keyGaps}. */
export type KeyGap = keyof typeof keyGaps;

/** The book. Close it: it holds keys. */
export class IdentityBook {
  readonly #provider: CryptoProvider;
  readonly #secrets = new Map<Address, SecretIdentity>();
  readonly #known = new Map<Address, Known>();
  /** By secret and other address; in the order of last use. */
  readonly #pairs = new Map<string, Pair>();

  constructor(provider: CryptoProvider) {
    this.#provider = provider;
  }

  /** How many secrets were given. */
  get secretCount(): number {
    return this.#secrets.size;
  }

  /** Adds an identity whose secret is known. @param secret - kept, not wiped here */
  addSecret(secret: SecretIdentity): void {
    this.#secrets.set(secret.identity.address, secret);
  }

  /**
   * Adds a public identity. A trusted one replaces a claimed one, and no other is replaced.
   *
   * @param identity - copied: it may be a view of a packet
   */
  learn({ address, publicKey }: Identity, certainty: Certainty): void {
    const known = this.#known.get(address);
    if (known?.certainty === 'trusted' || known?.certainty === certainty) return;
    if (known === undefined && this.#known.size >= knownIdentitiesMax)
      for (const [first] of this.#known) {
        this.#known.delete(first);
        break;
      }
    this.#known.set(address, { identity: { address, publicKey: publicKey.slice() }, certainty });
  }

  /** The identity of an address, as far as it is known. */
  identity(address: Address): Identity | null {
    return this.#secrets.get(address)?.identity ?? this.#known.get(address)?.identity ?? null;
  }

  /** How sure {@link identity} is; null where there is none. */
  certainty(address: Address): Certainty | null {
    return this.#secrets.has(address) ? 'trusted' : (this.#known.get(address)?.certainty ?? null);
  }

  /**
   * The keys between two addresses, of which the secret of one is enough.
   *
   * @param claimed - the identity that the packet itself says `source` has, for a HELLO
   * @returns keys that stay this book's, valid until the next call
   */
  keys(source: Address, destination: Address, claimed?: Identity): PeerKeys | KeyGap {
    const sourceSecret = this.#secrets.get(source);
    const secret = this.#secrets.get(destination) ?? sourceSecret;
    if (secret === undefined) return 'no-secret';
    const isReceived = secret !== sourceSecret;
    const other = isReceived ? (claimed ?? this.identity(source)) : this.identity(destination);
    if (other === null) return 'no-identity';
    const name = `${secret.identity.address}-${other.address}`;
    const pair = this.#pairs.get(name);
    this.#pairs.delete(name);
    if (pair !== undefined && sameIdentity(pair.other, other)) {
      this.#pairs.set(name, pair);
      return pair.keys;
    }
    pair?.keys.close();
    const keys = PeerKeys.agree(this.#provider, secret.secretKey, other.publicKey);
    if (keys === null) return 'bad-key';
    this.#makeRoom();
    const { address, publicKey } = other;
    this.#pairs.set(name, { keys, other: { address, publicKey: publicKey.slice() } });
    return keys;
  }

  /** Wipes all keys; the secrets that were given are their owner's to wipe. Idempotent. */
  close(): void {
    for (const { keys } of this.#pairs.values()) keys.close();
    this.#pairs.clear();
  }

  #makeRoom(): void {
    if (this.#pairs.size < keyPairsMax) return;
    for (const [name, { keys }] of this.#pairs) {
      keys.close();
      this.#pairs.delete(name);
      return;
    }
  }
}
