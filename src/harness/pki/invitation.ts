/**
 * An invitation: what a server prints and a person pastes on another host, so that a client there gets a certificate.
 *
 * `ovs1_` and the base64url of 53 bytes:
 *
 * ```
 * offset  bytes
 *      0      1  version, 1
 *      1      4  expiry, seconds since the Unix epoch, big-endian
 *      5     16  secret, random: works once
 *     21     32  SHA-256 of the DER of the certificate that the client is to trust
 * ```
 *
 * The hash lets the client know the server before it sends the secret; the secret lets the server know the client.
 */
import { invitationSecretBytes } from './constants.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { pkiError } from './errors.ts';
import { Secret } from '../../base/secret.ts';
import { isoDate } from './describe.ts';

/** A decoded invitation. Printing it does not show its secret. */
export interface Invitation {
  /** ms since the Unix epoch, whole seconds. */
  readonly expiresAtUnixMs: number;
  /** 16 bytes. */
  readonly secret: Secret<Uint8Array>;
  /** 32 bytes. */
  readonly caSha256: Uint8Array;
}

const prefix = 'ovs1_';
const version = 1;
const caSha256Bytes = 32;
const secretAt = 5;
const caSha256At = secretAt + invitationSecretBytes;
const totalBytes = caSha256At + caSha256Bytes;

/** The text of an invitation: 76 characters that need no quoting in a shell. It is a secret: show it once. */
export function encodeInvitation({ expiresAtUnixMs, secret, caSha256 }: Invitation): string {
  const bytes = new Uint8Array(totalBytes);
  bytes[0] = version;
  new DataView(bytes.buffer).setUint32(1, Math.floor(expiresAtUnixMs / 1000));
  bytes.set(secret.reveal(), secretAt);
  bytes.set(caSha256, caSha256At);
  return prefix + encodeBase64url(bytes);
}

/**
 * Reads an invitation that was pasted; white space that a terminal put into it is dropped.
 *
 * @param now - wall clock, ms since the Unix epoch. The server's own clock decides in the end
 * @throws INVITATION_MALFORMED, INVITATION_EXPIRED
 */
export function decodeInvitation(text: string, now: number): Invitation {
  const compact = text.replace(/\s+/g, '');
  if (!compact.startsWith(prefix)) throw malformed(`it does not begin with ${prefix}`);
  const bytes = decodeBase64url(compact.slice(prefix.length), totalBytes);
  if (bytes === null) throw malformed('it was cut off or changed on the way');
  if (bytes[0] !== version) throw malformed('it was made by a newer version of Overspan');
  const expiresAtUnixMs = new DataView(bytes.buffer).getUint32(1) * 1000;
  if (now >= expiresAtUnixMs) {
    const minutes = Math.floor((now - expiresAtUnixMs) / 60_000);
    throw pkiError(
      'INVITATION_EXPIRED',
      `the invitation expired ${minutes < 120 ? `${String(minutes)} minutes ago` : `on ${isoDate(expiresAtUnixMs)}`} by the clock of this machine`,
      {
        remedy:
          'ask for a new one: overspan serve prints it when it starts; where it is new, check the clock (date -u)',
      },
    );
  }
  return {
    expiresAtUnixMs,
    secret: new Secret(bytes.slice(secretAt, caSha256At)),
    caSha256: bytes.slice(caSha256At),
  };
}

/** The text itself is never repeated in an error: it holds the secret. */
function malformed(why: string): Error {
  return pkiError('INVITATION_MALFORMED', `this is not an invitation: ${why}`, {
    remedy:
      'copy the whole line that overspan serve printed; its --invite has 76 characters from ovs1_ on',
  });
}
