/** How long it is until something, for people. */

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

/** `in 40 s`, `in 5 min`, `in 30 h`, `in 7 days`. @param ms - from now */
export function inText(ms: number): string {
  if (ms < 2 * minuteMs) return `in ${Math.ceil(ms / 1_000)} s`;
  if (ms < 2 * hourMs) return `in ${Math.round(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `in ${Math.round(ms / hourMs)} h` : `in ${Math.round(ms / dayMs)} days`;
}
