/** A moment as it is written out: by the calendar and the clock of who looks, and sorted by time where it is sorted as text. */

/** `2026-11-29 21:37:12`. @param at - ms since the Unix epoch */
export function exactTime(at: number): string {
  // Sweden's way of writing it is that of ISO 8601.
  return new Date(at).toLocaleString('sv');
}
