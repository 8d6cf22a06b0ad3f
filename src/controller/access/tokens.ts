/**
 * The API tokens of a controller: made, looked up by their hash, ended. The text of a token is `ovt_`, its id, and 32 random
 * digits; it is shown once.
 */
import { toHex } from '../../base/bytes.ts';
import { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Entropy, Now } from '../../core/ports.ts';
import { controllerError } from '../errors.ts';
import { check } from '../network-plan.ts';
import { secretHash } from '../secret-hash.ts';
import type { Store } from '../store.ts';
import { scopes, type Scope, type TokenRecord } from './token-record.ts';

/** Tokens that there may be. */
export const tokensMax = 256;

const nameMax = 127;
const pattern = /^ovt_([0-9a-f]{8})([0-9a-f]{32})$/;

/** What a token is to be. */
export interface TokenTerms {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Wall time; 0: never. */
  readonly expiresAtMs: number;
}

/** All tokens. */
export class Tokens {
  readonly #provider: CryptoProvider;
  readonly #entropy: Entropy;
  readonly #store: Store;
  /** By id. */
  readonly #tokens: Map<string, TokenRecord>;

  /** @param kept - what the store held */
  constructor(
    kept: readonly TokenRecord[],
    parts: { readonly provider: CryptoProvider; readonly entropy: Entropy; readonly store: Store },
  ) {
    this.#provider = parts.provider;
    this.#entropy = parts.entropy;
    this.#store = parts.store;
    this.#tokens = new Map(kept.map((token) => [token.id, token]));
  }

  /** From the oldest on. */
  list(): readonly TokenRecord[] {
    return [...this.#tokens.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Makes one. @throws CONTROLLER_SETTING_INVALID, CONTROLLER_FULL */
  create(
    { wallMs }: Now,
    terms: TokenTerms,
  ): { readonly token: Secret<string>; readonly record: TokenRecord } {
    check(terms.name.length <= nameMax, 'the name', `is longer than ${nameMax} characters`);
    const wanted = scopes.filter((scope) => terms.scopes.includes(scope));
    check(wanted.length > 0, 'the scopes', `are none of ${scopes.join(', ')}`);
    check(Number.isFinite(terms.expiresAtMs) && terms.expiresAtMs >= 0, 'the end', 'is no time');
    this.#forgetExpired(wallMs);
    if (this.#tokens.size >= tokensMax)
      throw controllerError('CONTROLLER_FULL', `there are ${tokensMax} API tokens`, {
        remedy: 'Revoke one first: overspan api-token list.',
      });
    const random = new Uint8Array(20);
    this.#entropy.fill(random);
    const id = toHex(random.subarray(0, 4));
    const text = `ovt_${id}${toHex(random.subarray(4))}`;
    const record: TokenRecord = {
      id,
      hash: secretHash(this.#provider, text),
      name: terms.name,
      scopes: wanted,
      createdAtMs: wallMs,
      expiresAtMs: terms.expiresAtMs,
    };
    this.#tokens.set(id, record);
    this.#store.save({ kind: 'token', record });
    return { token: new Secret(text), record };
  }

  /** The token of a text, while it is worth something; null: there is none. */
  find({ wallMs }: Now, text: string): TokenRecord | null {
    const id = pattern.exec(text)?.[1];
    const record = id === undefined ? undefined : this.#tokens.get(id);
    // Hashes of random texts: how many of their digits are right tells nobody anything.
    if (record?.hash !== secretHash(this.#provider, text)) return null;
    return record.expiresAtMs === 0 || wallMs < record.expiresAtMs ? record : null;
  }

  /** Ends one. @throws CONTROLLER_TOKEN_UNKNOWN */
  revoke(id: string): TokenRecord {
    const record = this.#tokens.get(id);
    if (record === undefined)
      throw controllerError('CONTROLLER_TOKEN_UNKNOWN', `there is no API token ${id}`, {
        remedy: 'See which there are: overspan api-token list.',
      });
    this.#tokens.delete(id);
    this.#store.save({ kind: 'token-deleted', id });
    return record;
  }

  #forgetExpired(wallMs: number): void {
    for (const { id, expiresAtMs } of this.#tokens.values())
      if (expiresAtMs !== 0 && expiresAtMs <= wallMs) this.revoke(id);
  }
}
