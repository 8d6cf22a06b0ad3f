/** Base64url without padding (RFC 4648, section 5), one text for one value. */

/** The text of bytes. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/**
 * The bytes of a text, or null: where it holds other characters, has another length, or is not the text that
 * {@link encodeBase64url} makes (the last character has spare bits).
 *
 * @param bytesExpected - how many bytes there must be
 */
export function decodeBase64url(text: string, bytesExpected: number): Uint8Array | null {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  return bytes.length === bytesExpected && encodeBase64url(bytes) === text ? bytes : null;
}
