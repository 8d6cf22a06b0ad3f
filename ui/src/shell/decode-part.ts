/** A part of an address as text. */

/** Null: it is no text. @param part - between two slashes, as the address has it */
export function decodePart(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
