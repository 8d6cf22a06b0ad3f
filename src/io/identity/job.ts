/** What the thread of identities is sent and what it answers: one answer a job, in order. */
import type { Address } from '../../base/ids.ts';
import type { IdentityRule } from '../../crypto/address-derivation.ts';

/** An identity, as in `wire/identity`. */
export interface PublicIdentity {
  readonly address: Address;
  /** 64 bytes. */
  readonly publicKey: Uint8Array;
}

/** What is asked of the thread. */
export type IdentityJob =
  { readonly kind: 'generate' } | { readonly kind: 'check'; readonly identity: PublicIdentity };

/** What it answers. The secret key is plain here, because a `Secret` does not pass between threads. */
export type IdentityAnswer =
  | {
      readonly kind: 'generated';
      readonly identity: PublicIdentity;
      readonly secretKey: Uint8Array;
    }
  | { readonly kind: 'checked'; readonly brokenRule: IdentityRule | null };
