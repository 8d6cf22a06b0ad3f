/** How long ago something was, for people. */

/** `3 s ago`, `5 min ago`, `30 h ago`. */
export function agoText(ms: number): string {
  const s = Math.round(ms / 1_000);
  if (s < 120) return `${s} s ago`;
  return s < 7_200 ? `${Math.round(s / 60)} min ago` : `${Math.round(s / 3_600)} h ago`;
}
