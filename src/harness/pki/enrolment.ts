/**
 * How a client with an invitation gets its certificate: one line of JSON each way over TLS, at most 8 KiB each.
 *
 * ```
 * client → server   {"v":1,"secret":"<base64url>","name":"laptop","csrPem":"-----BEGIN CERTIFICATE REQUEST…"}
 * server → client   {"ok":true,"certPem":"…","caPem":"…","serverName":"measurement.overspan.internal"}
 *                   {"ok":false,"code":"INVITATION_USED","message":"…"}
 * ```
 *
 * The client sends its line only after it has found the certificate whose hash is in the invitation above the
 * server's own. This file is the messages and the decision; the transport is the server's and the client's.
 */
import { createPrivateKey, type X509Certificate } from 'node:crypto';

import { z } from 'zod';

import { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import type { Authority } from './authority.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { isIssuedBy } from './checks.ts';
import { enrolmentLineBytesMax, fixedServerName, invitationSecretBytes } from './constants.ts';
import { pkiError, pkiErrors, type PkiErrorCode } from './errors.ts';
import { fingerprintBytes } from './fingerprint.ts';
import type { InvitationBook, Redemption } from './invitation-book.ts';
import { signRequest } from './leaf.ts';
import { certificatesOf } from './pem-file.ts';
import { Secret } from '../../base/secret.ts';

const requestSchema = z.object({
  v: z.literal(1),
  secret: z.string().max(64),
  name: z.string().min(1).max(256),
  csrPem: z.string().max(enrolmentLineBytesMax),
});

const replySchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    certPem: z.string(),
    caPem: z.string(),
    serverName: z.string().min(1).max(253),
  }),
  z.object({
    ok: z.literal(false),
    code: z.string().max(64),
    message: z.string().max(1024),
  }),
]);

/** What a client asks for. */
export interface EnrolmentRequest {
  /** 16 bytes. */
  readonly secret: Secret<Uint8Array>;
  readonly name: string;
  readonly csrPem: string;
}

/** What the server answers. */
export type EnrolmentReply = z.infer<typeof replySchema>;

/** What a client has when all went well, checked. */
export interface Enrolment {
  readonly certPem: string;
  /** The one certificate to trust. */
  readonly caPem: string;
  /** The name to check in the server's certificate, whatever address was dialled. */
  readonly serverName: string;
}

/** The line of a request, its newline included. */
export function encodeEnrolmentRequest({ secret, name, csrPem }: EnrolmentRequest): string {
  return `${JSON.stringify({ v: 1, secret: encodeBase64url(secret.reveal()), name, csrPem })}\n`;
}

/** Reads a request. @returns null where it is none */
export function parseEnrolmentRequest(line: string): EnrolmentRequest | null {
  const parsed = requestSchema.safeParse(parseLine(line));
  if (!parsed.success) return null;
  const { secret: text, name, csrPem } = parsed.data;
  const secret = decodeBase64url(text, invitationSecretBytes);
  return secret === null ? null : { secret: new Secret(secret), name, csrPem };
}

/** The line of a reply, its newline included. */
export function encodeEnrolmentReply(reply: EnrolmentReply): string {
  return `${JSON.stringify(reply)}\n`;
}

/**
 * Reads a reply.
 *
 * @throws ENROLMENT_MALFORMED
 */
export function parseEnrolmentReply(line: string): EnrolmentReply {
  const parsed = replySchema.safeParse(parseLine(line));
  if (parsed.success) return parsed.data;
  throw malformedReply('what it sent is no reply to an enrolment');
}

/**
 * Decides on a request: one redemption of its secret, then a client certificate. A secret is used up even where the
 * request then turns out to be bad: it can be tried once.
 *
 * @param line - from a stranger, with or without its newline
 * @param now - wall clock, ms since the Unix epoch
 * @returns the line of the reply; never rejects
 */
export async function handleEnrolment(
  book: InvitationBook,
  authority: Authority,
  line: string,
  now: number,
): Promise<string> {
  const request = parseEnrolmentRequest(line);
  if (request === null) return refusal('ENROLMENT_MALFORMED', 'this is no enrolment request');
  const redemption = book.redeem(request.secret.reveal(), now);
  if (redemption !== 'ok')
    return refusal(redemptionCodes[redemption], `the invitation is ${redemption}`);
  try {
    const certPem = await signRequest(authority, request.csrPem, { name: request.name, now });
    return encodeEnrolmentReply({
      ok: true,
      certPem,
      caPem: authority.anchorPem,
      serverName: fixedServerName,
    });
  } catch (error) {
    // An unexpected error's text may speak of this host's files: strangers get the code alone.
    return error instanceof OverspanError && error.code !== 'PKI_EXPIRED'
      ? refusal(error.code as PkiErrorCode, error.message)
      : refusal('ENROLMENT_REFUSED', 'the server cannot issue certificates at the moment');
  }
}

/**
 * Checks a reply before anything of it is kept: the authority is the one of the invitation, the certificate was
 * issued by it, and it is for our key.
 *
 * @param expected - `caSha256`: from the invitation; `keyPem`: made with the request
 * @throws the code of a refusal (INVITATION_USED, INVITATION_EXPIRED, INVITATION_UNKNOWN, …), ENROLMENT_REFUSED,
 *   ENROLMENT_MALFORMED, PKI_WRONG_CA, PKI_KEY_MISMATCH
 */
export function acceptEnrolment(
  reply: EnrolmentReply,
  expected: { readonly caSha256: Uint8Array; readonly keyPem: Secret<string> },
): Enrolment {
  if (!reply.ok) throw refused(reply.code, reply.message);
  const [ca] = parseCertificates(reply.caPem);
  const [certificate] = parseCertificates(reply.certPem);
  if (ca === undefined || certificate === undefined)
    throw malformedReply('its certificates are damaged');
  if (
    Buffer.compare(fingerprintBytes(ca), expected.caSha256) !== 0 ||
    !isIssuedBy(certificate, ca)
  ) {
    throw pkiError(
      'PKI_WRONG_CA',
      'the server answered with another authority than that of the invitation',
      {
        remedy:
          'see that the address is that of the host which printed the invitation, and that nobody sits in between',
      },
    );
  }
  if (!certificate.checkPrivateKey(createPrivateKey(expected.keyPem.reveal()))) {
    throw pkiError(
      'PKI_KEY_MISMATCH',
      'the server issued a certificate for another key than ours',
      {
        remedy: 'ask for a new invitation and try again',
      },
    );
  }
  return { certPem: certificate.toString(), caPem: ca.toString(), serverName: reply.serverName };
}

const redemptionCodes = {
  unknown: 'INVITATION_UNKNOWN',
  used: 'INVITATION_USED',
  expired: 'INVITATION_EXPIRED',
} as const satisfies Record<Exclude<Redemption, 'ok'>, PkiErrorCode>;

function parseLine(line: string): unknown {
  if (Buffer.byteLength(line) > enrolmentLineBytesMax) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function parseCertificates(pem: string): X509Certificate[] {
  try {
    return certificatesOf(pem);
  } catch {
    return [];
  }
}

function refusal(code: PkiErrorCode, message: string): string {
  return encodeEnrolmentReply({ ok: false, code, message });
}

/** A server's refusal as our own error: its code where we know it, its text escaped. */
function refused(code: string, message: string): OverspanError {
  const known = Object.hasOwn(pkiErrors, code) ? (code as PkiErrorCode) : 'ENROLMENT_REFUSED';
  return pkiError(known, `the server refused: ${escapeText(message)}`, {
    remedy: known.startsWith('INVITATION_')
      ? 'ask for a new invitation: overspan serve prints one when it starts; each works once and for a limited time'
      : 'see what overspan serve printed on the other host, then try again with a new invitation',
    details: { code: escapeText(code, 64) },
  });
}

function malformedReply(why: string): OverspanError {
  return pkiError('ENROLMENT_MALFORMED', `the server did not answer as it should: ${why}`, {
    remedy:
      'see that the address and port are those of overspan serve, and that both hosts run the same version',
  });
}
