/** What a controller keeps of an invitation: not its token, only a hash of it. */
import { latin1Bytes, toHex } from '../base/bytes.ts';
import type { NetworkId } from '../base/ids.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** A word that lets nodes into a network which bring it when they first ask. */
export interface InviteRecord {
  readonly networkId: NetworkId;
  /** 8 digits, by which people name it. */
  readonly id: string;
  /** {@link inviteHash} of the token. */
  readonly tokenHash: string;
  /** What for, for people. At most 127 characters. */
  readonly note: string;
  /** Since the Unix epoch, ms. */
  readonly createdAtMs: number;
  /** From then on it lets nobody in; 0: never. */
  readonly expiresAtMs: number;
  /** How many more it lets in; null: any number. */
  readonly usesLeft: number | null;
}

/** How long a token is, bytes; written as twice as many digits. */
export const inviteTokenLength = 16;

/** The hash of a token: 64 digits. A token is random, so that no salt is needed. */
export function inviteHash(provider: CryptoProvider, token: string): string {
  return toHex(provider.sha512(latin1Bytes(token)).subarray(0, 32));
}

/** Whether it lets somebody in now. */
export function isOpen({ expiresAtMs, usesLeft }: InviteRecord, wallMs: number): boolean {
  return (expiresAtMs === 0 || wallMs < expiresAtMs) && (usesLeft === null || usesLeft > 0);
}
