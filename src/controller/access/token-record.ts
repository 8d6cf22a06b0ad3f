/** What is kept of an API token: not the token, only a hash of it. */

/**
 * What a token lets its holder do. `read` is looking at everything but tokens and the audit log; the others change what
 * their names say, and read; `admin` is all of it.
 */
export const scopes = ['read', 'members', 'networks', 'node', 'admin'] as const;

/** One of them. */
export type Scope = (typeof scopes)[number];

/** A token. */
export interface TokenRecord {
  /** 8 digits, by which people name it. */
  readonly id: string;
  /** `secretHash` of the token. */
  readonly hash: string;
  /** What for, for people. At most 127 characters. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Since the Unix epoch, ms. */
  readonly createdAtMs: number;
  /** From then on it is worth nothing; 0: never. */
  readonly expiresAtMs: number;
}
