/**
 * Who is let in when it asks, and what it is given beside what a person has set.
 *
 * Source: management 2.2, 2.4.
 */
import { joinToken, type RequestMetadata } from '../wire/network-config/config-request.ts';
import type { Authorization, MemberTag } from './member-record.ts';
import type { NetworkSettings } from './network-record.ts';

/** Why somebody is let in, and the token that did it. */
export interface Admission {
  readonly reason: Authorization;
  /** Null: it was no token. */
  readonly credential: string | null;
}

/** Why somebody who is not authorised is let in; null: it is not. */
export function admission(
  { isPrivate, joinTokens }: NetworkSettings,
  metadata: RequestMetadata,
  wallMs: number,
): Admission | null {
  if (!isPrivate) return { reason: 'public', credential: null };
  const brought = joinToken(metadata);
  const isLetIn = joinTokens.some(
    ({ token, expiresAtMs }) => token === brought && (expiresAtMs === 0 || expiresAtMs > wallMs),
  );
  return isLetIn ? { reason: 'token', credential: brought } : null;
}

/** The tags of a member, and behind them the network's defaults for those that it lacks. */
export function withDefaultTags(
  tags: readonly MemberTag[],
  { tags: known }: NetworkSettings,
): readonly MemberTag[] {
  const missing = known.flatMap(({ id, default: value }) =>
    value === null || tags.some((tag) => tag.id === id) ? [] : [{ id, value }],
  );
  return missing.length === 0 ? tags : [...tags, ...missing];
}
