/** Parts of addresses, as whoever typed or linked to them has written them. */

/** A part without its escapes. Null: they are none, as in `%zz`. */
export function decodePart(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
