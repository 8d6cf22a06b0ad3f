/** What a certificate says, in words that are safe to show. */
import { SocketAddress } from 'node:net';
import type { KeyObject, X509Certificate } from 'node:crypto';

import { escapeText } from '../../base/escape.ts';
import { msPerDay } from './constants.ts';
import { fingerprint } from './fingerprint.ts';

/** The facts of one certificate. Texts that others wrote are escaped. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly isSelfSigned: boolean;
  readonly isAuthority: boolean;
  /** What the extended key usage allows; empty where it is absent (everything) or about other things. */
  readonly purposes: readonly ('server' | 'client')[];
  /** Subject alternative names: addresses and host names bare, other kinds as `kind:value`. */
  readonly names: readonly string[];
  /** As in `ECDSA P-256`, `RSA 2048`, `Ed25519`. */
  readonly keyType: string;
  readonly notBeforeUnixMs: number;
  readonly notAfterUnixMs: number;
  /** Hexadecimal. */
  readonly serial: string;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
}

const curveNames: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** The facts of a certificate. */
export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  const usages = (certificate.keyUsage as string[] | undefined) ?? [];
  return {
    subject: nameLine(certificate.subject),
    issuer: nameLine(certificate.issuer),
    isSelfSigned: certificate.subject === certificate.issuer,
    isAuthority: certificate.ca,
    purposes: [
      ...(usages.includes('1.3.6.1.5.5.7.3.1') ? (['server'] as const) : []),
      ...(usages.includes('1.3.6.1.5.5.7.3.2') ? (['client'] as const) : []),
    ],
    names: alternativeNames(certificate.subjectAltName),
    keyType: keyTypeOf(certificate),
    notBeforeUnixMs: Date.parse(certificate.validFrom),
    notAfterUnixMs: Date.parse(certificate.validTo),
    serial: certificate.serialNumber.toLowerCase(),
    fingerprint: fingerprint(certificate),
  };
}

/** As in `expires in 396 days (2027-12-24)`. @param now - wall clock, ms since the Unix epoch */
export function validityInWords(
  { notBeforeUnixMs, notAfterUnixMs }: Pick<CertificateFacts, 'notBeforeUnixMs' | 'notAfterUnixMs'>,
  now: number,
): string {
  if (now < notBeforeUnixMs)
    return `begins in ${span(notBeforeUnixMs - now)} (${isoDate(notBeforeUnixMs)})`;
  if (now > notAfterUnixMs)
    return `expired ${span(now - notAfterUnixMs)} ago (${isoDate(notAfterUnixMs)})`;
  return `expires in ${span(notAfterUnixMs - now)} (${isoDate(notAfterUnixMs)})`;
}

/** The day in UTC, as in `2027-12-24`. @param unixMs - ms since the Unix epoch */
export function isoDate(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}

/** The second in UTC, as in `2027-12-24T18:00:00Z`. @param unixMs - ms since the Unix epoch */
export function isoSecond(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}

/** As in `ECDSA P-256`. */
export function keyTypeName(key: KeyObject): string {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'ec':
      return `ECDSA ${curveNames[namedCurve] ?? namedCurve}`;
    case 'rsa':
    case 'rsa-pss':
      return `${key.asymmetricKeyType === 'rsa' ? 'RSA' : 'RSA-PSS'} ${String(modulusLength ?? 0)}`;
    case 'ed25519':
      return 'Ed25519';
    case 'ed448':
      return 'Ed448';
    default:
      return key.asymmetricKeyType ?? 'unknown';
  }
}

function keyTypeOf(certificate: X509Certificate): string {
  try {
    return keyTypeName(certificate.publicKey);
  } catch {
    return 'unknown';
  }
}

/** Days above two of them, else hours or minutes. @param ms - 0 or more */
function span(ms: number): string {
  if (ms >= 2 * msPerDay) return `${String(Math.floor(ms / msPerDay))} days`;
  const minutes = Math.floor(ms / 60_000);
  return minutes >= 120
    ? `${String(Math.floor(minutes / 60))} hours`
    : `${String(minutes)} minutes`;
}

/** Node gives one attribute per line, most general first. */
function nameLine(name: string | undefined): string {
  return name === undefined || name === '' ? '(empty)' : escapeText(name.replaceAll('\n', ', '));
}

/**
 * Splits Node's one line of names. It quotes a value in JSON where that holds a comma or a control character
 * (CVE-2021-44532), which is why a split at commas would not do.
 */
function alternativeNames(line: string | undefined): string[] {
  const pattern = /(?:^|, )([A-Za-z0-9 ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g;
  return [...(line ?? '').matchAll(pattern)].map(([, kind = '', value = '']) => {
    if (kind === 'DNS') return escapeText(value);
    if (kind === 'IP Address') return canonicalAddress(value);
    return escapeText(`${kind}:${value}`);
  });
}

function canonicalAddress(address: string): string {
  if (!address.includes(':')) return escapeText(address);
  try {
    return new SocketAddress({ address, family: 'ipv6' }).address;
  } catch {
    return escapeText(address);
  }
}
