/**
 * Whether a member may be in its network: let in, put out, banned, and what its record says then. Nothing here is saved or sent.
 *
 * Source: management 2.2; bans are ours alone.
 */
import type { Admission } from './admission.ts';
import type { MemberRecord } from './member-record.ts';

/** Let in by a person. */
const byCommand: Admission = { reason: 'command', credential: null };

/** A change of it; what is undefined stays. */
export interface StandingChange {
  readonly isAuthorized?: boolean | undefined;
  readonly isBanned?: boolean | undefined;
}

/** Whether nothing but a person lets it in. */
export function isBanned({ bannedAtMs }: MemberRecord): boolean {
  return bannedAtMs !== 0;
}

/** Whether a member has only asked so far. One that a person has named or banned is kept. */
export function isPending(member: MemberRecord): boolean {
  return (
    member.authorization === null &&
    member.authorizedAtMs === 0 &&
    !isBanned(member) &&
    member.name === '' &&
    member.ipAssignments.length === 0
  );
}

/** A member that is let in. */
export function authorized(
  member: MemberRecord,
  { reason, credential }: Admission,
  wallMs: number,
): MemberRecord {
  return {
    ...member,
    authorization: reason,
    lastAuthorization: reason,
    lastCredential: credential,
    authorizedAtMs: wallMs,
  };
}

/** A member that is put out; as it is where it was not in. */
export function shutOut(member: MemberRecord, wallMs: number): MemberRecord {
  return member.authorization === null
    ? member
    : { ...member, authorization: null, deauthorizedAtMs: wallMs };
}

/** A member that is put out for good; the time of an earlier ban stays. */
export function banned(member: MemberRecord, wallMs: number): MemberRecord {
  if (isBanned(member)) return member;
  // 0 would be no ban, whatever the clock says.
  return { ...shutOut(member, wallMs), bannedAtMs: Math.max(1, wallMs) };
}

/** A member as a person wants it; who is let in must not be banned, which the caller has seen to. */
export function withStanding(
  member: MemberRecord,
  change: StandingChange,
  wallMs: number,
): MemberRecord {
  if (change.isBanned === true) return banned(member, wallMs);
  const free = change.isBanned === false ? { ...member, bannedAtMs: 0 } : member;
  if (change.isAuthorized === false) return shutOut(free, wallMs);
  return change.isAuthorized === true && free.authorization === null
    ? authorized(free, byCommand, wallMs)
    : free;
}
