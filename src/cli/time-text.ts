/** Times for people. */
import { agoText, spanText } from '../base/ago.ts';

/** From then on a date says more, ms. */
const longAgoMs = 172_800_000;

/** `3 s ago`, `5 min ago`, `2026-11-29 04:00 UTC` for what is long past; `–` for never. */
export function sinceText(atMs: number | null, nowMs: number): string {
  if (atMs === null) return '–';
  const sinceMs = Math.max(0, nowMs - atMs);
  return sinceMs < longAgoMs ? agoText(sinceMs) : momentText(atMs);
}

/** `2026-11-29 04:00 UTC`; `never` for null. */
export function momentText(atMs: number | null): string {
  if (atMs === null) return 'never';
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `1 h ahead of`, `5 min behind`: a clock beside another one. @param skewMs - positive: ahead */
export function skewText(skewMs: number): string {
  return `${spanText(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'}`;
}
