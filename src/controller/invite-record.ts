/** What a controller keeps of an invitation: not its token, only a hash of it. */
import type { NetworkId } from '../base/ids.ts';

/** A word that lets nodes into a network which bring it when they first ask. */
export interface InviteRecord {
  readonly networkId: NetworkId;
  /** 8 digits, by which people name it. */
  readonly id: string;
  /** `secretHash` of the token. */
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

/** Whether it lets somebody in now. */
export function isOpen({ expiresAtMs, usesLeft }: InviteRecord, wallMs: number): boolean {
  return (expiresAtMs === 0 || wallMs < expiresAtMs) && (usesLeft === null || usesLeft > 0);
}

/** What is kept of a member that came by it: its `lastCredential`. */
export function credentialOf({ id }: InviteRecord): string {
  return `invitation ${id}`;
}
