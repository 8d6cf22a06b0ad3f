/**
 * What can truly be said of a member: one of six states, each with the sentence that it rests on. What the controller heard,
 * and how its own node reaches the member, are told apart; neither says how members reach each other.
 */
import type { MemberStateV1 } from '../api/schema/v1.ts';
import { agoText } from '../base/ago.ts';
import type { MemberStatus } from '../controller/controller.ts';
import { isBanned } from '../controller/member-standing.ts';

/** How the node of the controller reaches a member. */
export type OwnPath = 'direct' | 'relayed' | 'unknown';

/** A state and why. */
export interface MemberState {
  readonly state: MemberStateV1;
  readonly why: string;
}

/** @param path - of the own node to the member */
export function memberState({ record, isOnline, heard }: MemberStatus, path: OwnPath): MemberState {
  const asked = heard === null ? null : `it asked the controller ${agoText(heard.askedAgoMs)}`;
  if (record.authorization === null) {
    if (isBanned(record)) return { state: 'denied', why: sentence(['it is banned', asked]) };
    if (record.deauthorizedAtMs > 0)
      return { state: 'denied', why: sentence(['it was shut out', asked]) };
    return { state: 'waiting', why: sentence([asked ?? 'it has asked before', 'not authorised']) };
  }
  if (!isOnline) {
    if (record.software === null && heard === null)
      return { state: 'never-configured', why: 'authorised; it has never asked' };
    const silent = asked ?? 'not heard since the controller was started';
    return { state: 'silent', why: sentence([silent, 'members ask every minute']) };
  }
  if (heard?.configuredAgoMs === null)
    return { state: 'never-configured', why: sentence(['authorised', asked, 'sent nothing yet']) };
  const reached =
    path === 'direct'
      ? "the controller's node reaches it directly"
      : path === 'relayed'
        ? "the controller's node reaches it over a root"
        : "the controller's node has no path of its own to it";
  return { state: path === 'relayed' ? 'relayed' : 'ok', why: sentence([asked, reached]) };
}

function sentence(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('; ');
}
