/** How long it is until something, for people. */
import { access } from '../../strings/access.ts';

const words = access.in;
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

/** `in 40 s`, `in 5 min`, `in 30 h`, `in 7 days`. @param ms - from now */
export function inText(ms: number): string {
  if (ms < 2 * minuteMs) return words.seconds(Math.ceil(ms / 1_000));
  if (ms < 2 * hourMs) return words.minutes(Math.round(ms / minuteMs));
  if (ms < 2 * dayMs) return words.hours(Math.round(ms / hourMs));
  return words.days(Math.round(ms / dayMs));
}
