/**
 * Makes bytes from the network safe to read: one line of printable ASCII.
 *
 * A request may hold escape sequences that move the cursor, change the window's title or answer back into the shell;
 * nothing received is ever written to a terminal, a log or a page without passing through here.
 */

const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/**
 * Escapes bytes as printable ASCII: `\n \r \t \\` by name, everything else outside 0x20–0x7e as `\xNN`.
 *
 * @param bytes - borrowed, any length
 * @param bytesMax - how many bytes to show; what is left out is counted at the end
 */
export function escapeBytes(bytes: Uint8Array, bytesMax = 256): string {
  let out = '';
  for (const byte of bytes.subarray(0, bytesMax)) {
    out +=
      named[byte] ??
      (byte >= 0x20 && byte <= 0x7e
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`);
  }
  const rest = bytes.length - bytesMax;
  return rest > 0 ? `${out}… (+${rest} bytes)` : out;
}

/**
 * Escapes text that somebody else wrote (a certificate's name, a peer's error) for one line of a terminal: control
 * characters, including the C1 range and the bidirectional overrides, as `\u{…}`; other Unicode stays.
 */
export function escapeText(text: string, lengthMax = 256): string {
  const shown = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
  return shown.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
