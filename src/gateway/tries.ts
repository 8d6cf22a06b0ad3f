/** How often something may be tried at the page: by one caller, and by who asks from where. */
import type { IncomingMessage } from 'node:http';

import { ipNumber } from '../api/ip-range.ts';
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
  const ip = ipNumber(bare);
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  if (ip?.family !== 'ipv6' || mapped !== undefined) return mapped ?? bare;
  const groups = [112n, 96n, 80n, 64n].map((shift) => (ip.value >> shift) & 0xffffn);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}
