/** Times for people. */

/** `3 s ago`, `5 min ago`, `2026-11-29 04:00 UTC` for what is long past; `–` for never. */
export function agoText(atMs: number | null, nowMs: number): string {
  if (atMs === null) return '–';
  const s = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  if (s < 120) return `${s} s ago`;
  if (s < 7_200) return `${Math.round(s / 60)} min ago`;
  return s < 172_800 ? `${Math.round(s / 3_600)} h ago` : momentText(atMs);
}

/** `2026-11-29 04:00 UTC`; `never` for null. */
export function momentText(atMs: number | null): string {
  if (atMs === null) return 'never';
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
