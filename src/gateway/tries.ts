/** How often something may be tried at the page: by one caller, and by who asks from where. */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

import type { RateLimit } from '../api/v1/rate-limit.ts';
import { gatewayError } from './errors.ts';

/** Counts one. @param what - there were too many of. @throws UI_TOO_MANY_TRIES */
export function takeTry(
  limit: RateLimit,
  { nowMs, who, what }: { readonly nowMs: number; readonly who: string; readonly what: string },
): void {
  const waitMs = limit.take(nowMs, who);
  if (waitMs === 0) return;
  const retryAfterS = Math.ceil(waitMs / 1_000);
  throw gatewayError('UI_TOO_MANY_TRIES', `too many ${what}`, {
    remedy: `wait ${retryAfterS} s`,
    details: { retryAfterS },
  });
}

/** Who asks, as far as counting goes: an address of IPv4, or the /64 of one of IPv6, which has them all. */
export function callerOf({ socket: { remoteAddress = '' } }: IncomingMessage): string {
  return networkOf(remoteAddress);
}

/** See {@link callerOf}. @param address - as a socket has it */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare;
  const [before = '', after] = bare.split('::');
  const groups = before === '' ? [] : before.split(':');
  const behind = after === undefined || after === '' ? 0 : after.split(':').length;
  while (after !== undefined && groups.length + behind < 8) groups.push('0');
  groups.push(...(after ?? '').split(':'));
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
