/**
 * What can truly be said of a member: one of six states, each with the sentence that it rests on. What the controller heard,
 * how its own node reaches the member, and what other members say of it are told apart; no state rests on the last.
 */
import type { MemberStateV1 } from '../api/schema/v1.ts';
import { agoText } from '../base/ago.ts';
import type { MemberStatus } from '../controller/controller.ts';
import type { Now } from '../core/ports.ts';
import { isBanned } from '../controller/member-standing.ts';

/** How the node of the controller reaches a member. */
export type OwnPath = 'direct' | 'relayed' | 'unknown';

/** A state and why. */
export interface MemberState {
  readonly state: MemberStateV1;
  readonly why: string;
}

/** A member that others heard within this time is there, ms. */
const aliveMs = 120_000;

/** @param path - of the own node to the member */
export function memberState(status: MemberStatus, path: OwnPath, { monoMs }: Now): MemberState {
  const { record, isOnline, heard } = status;
  const asked = heard === null ? null : `it asked the controller ${agoText(heard.askedAgoMs)}`;
  if (record.authorization === null) {
    if (isBanned(record)) return { state: 'denied', why: sentence(['it is banned', asked]) };
    if (record.deauthorizedAtMs > 0)
      return { state: 'denied', why: sentence(['it was shut out', asked]) };
    // Its identity is kept from its first question on.
    if (record.identity === null)
      return { state: 'never-configured', why: 'not authorised; it has never asked' };
    return { state: 'waiting', why: sentence([asked ?? 'it has asked before', 'not authorised']) };
  }
  if (!isOnline) {
    if (record.software === null && heard === null)
      return { state: 'never-configured', why: 'authorised; it has never asked' };
    const silent = asked ?? 'not heard since the controller was started';
    const others = othersText(status, monoMs);
    return { state: 'silent', why: sentence([silent, 'members ask every minute', others]) };
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

/** How many other members say that they hear it, and when one did last; null: none. */
function othersText({ reports }: MemberStatus, monoMs: number): string | null {
  const heardAtMs = reports.flatMap(({ heardAtMs: at }) => at ?? []);
  const recent = heardAtMs.filter((at) => monoMs - at < aliveMs);
  if (recent.length === 0) return null;
  const ago = agoText(monoMs - Math.max(...recent));
  return `${recent.length} other member${recent.length === 1 ? '' : 's'} heard it, the last ${ago}, as they say`;
}

function sentence(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('; ');
}
