/** How long something takes or is ago, for people. */

/** `3 s ago`, `5 min ago`, `30 h ago`. */
export function agoText(ms: number): string {
  return `${spanText(ms)} ago`;
}

/** `3 s`, `5 min`, `30 h`. */
export function spanText(ms: number): string {
  const s = Math.round(ms / 1_000);
  if (s < 120) return `${s} s`;
  return s < 7_200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3_600)} h`;
}
