/** What can be wrong with a certificate, its key and its authority, found before the TLS library says it worse. */
import type { X509Certificate } from 'node:crypto';

import { expiresSoonMs, msPerDay } from './constants.ts';
import { describeCertificate, isoDate, isoSecond } from './describe.ts';
import type { Problem } from './errors.ts';
import type { CertificateFile, KeyFile } from './pem-file.ts';
import { shellWord } from './shell-word.ts';

/** What a certificate is used for. */
export type Purpose = 'server' | 'client';

/** The certificate, key and authority that are to work together; null for what there is not. */
export interface IdentityParts {
  readonly ca: CertificateFile | null;
  readonly cert: CertificateFile | null;
  readonly key: KeyFile | null;
}

const extendedKeyUsage: Readonly<Record<Purpose, string>> = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
};
const anyExtendedKeyUsage = '2.5.29.37.0';
/** Longer chains than this are a mistake, or a loop. */
const chainLengthMax = 8;

/**
 * Everything that is wrong with the parts, errors before warnings.
 *
 * @param now - wall clock, ms since the Unix epoch
 * @param purpose - what `cert` is to be used for; null where that is not known
 */
export function checkIdentity(
  parts: IdentityParts,
  now: number,
  purpose: Purpose | null,
): Problem[] {
  const { ca, cert, key } = parts;
  const problems: Problem[] = [];
  if (cert !== null) {
    const [leaf] = cert.certificates;
    if (key !== null && !leaf.checkPrivateKey(key.key)) problems.push(keyMismatch(cert, key));
    problems.push(...checkValidity(leaf, cert.path, now));
    if (purpose !== null && !allows(leaf, purpose)) problems.push(wrongPurpose(cert.path, purpose));
    if (ca !== null) problems.push(...checkChain(cert, ca, now));
  } else if (ca !== null) {
    problems.push(...checkValidity(ca.certificates[0], ca.path, now));
  }
  if (key !== null && (key.mode & 0o077) !== 0) problems.push(keyReadable(key));
  return problems.sort((a, b) => rank(a) - rank(b));
}

/** Whether the certificate is in its time now. */
export function checkValidity(certificate: X509Certificate, file: string, now: number): Problem[] {
  const { notBeforeUnixMs, notAfterUnixMs, isAuthority } = describeCertificate(certificate);
  const word = shellWord(file);
  const renew = isAuthority
    ? 'overspan cert init --force, then issue every certificate again (or renew it where it was made)'
    : 'overspan cert issue server|client NAME --force (or renew it where it was made)';
  if (now > notAfterUnixMs) {
    const message = `the certificate in ${word} expired on ${isoDate(notAfterUnixMs)}`;
    return [{ severity: 'error', code: 'PKI_EXPIRED', message, remedy: renew, file }];
  }
  if (now < notBeforeUnixMs) {
    const message = `the certificate in ${word} is valid from ${isoSecond(notBeforeUnixMs)} only; this machine says it is ${isoSecond(now)}`;
    const remedy = 'set the clock of this machine (see: timedatectl), or wait';
    return [{ severity: 'error', code: 'PKI_NOT_YET_VALID', message, remedy, file }];
  }
  if (notAfterUnixMs - now < expiresSoonMs) {
    const days = Math.floor((notAfterUnixMs - now) / msPerDay);
    const message = `the certificate in ${word} expires in ${String(days)} days, on ${isoDate(notAfterUnixMs)}`;
    return [{ severity: 'warning', code: 'PKI_EXPIRES_SOON', message, remedy: renew, file }];
  }
  return [];
}

/** Whether `issuer` signed `certificate`: names, key identifiers and the signature itself. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that OpenSSL does not know cannot have signed anything that we trust.
    return false;
  }
}

/** Walks from the leaf over the certificates that came with it to one that is trusted. */
function checkChain(cert: CertificateFile, ca: CertificateFile, now: number): Problem[] {
  const problems: Problem[] = [];
  let current: X509Certificate = cert.certificates[0];
  for (let length = 0; length < chainLengthMax; length++) {
    const below = current;
    // A certificate that is itself trusted needs no issuer; its validity was looked at on the way here.
    if (ca.certificates.some(({ raw }) => raw.equals(below.raw))) return problems;
    const trusted = ca.certificates.find((authority) => isIssuedBy(below, authority));
    if (trusted !== undefined) return [...problems, ...checkValidity(trusted, ca.path, now)];
    const issuer = cert.certificates.find((other) => other !== below && isIssuedBy(below, other));
    if (issuer === undefined) break;
    problems.push(...checkValidity(issuer, cert.path, now));
    current = issuer;
  }
  const { issuer } = describeCertificate(current);
  const { subject } = describeCertificate(ca.certificates[0]);
  const sameName = issuer === subject ? ', another one of the same name' : '';
  return [
    {
      severity: 'error',
      code: 'PKI_WRONG_CA',
      message: `the certificate in ${shellWord(cert.path)} was issued by ${issuer}, not by ${subject} in ${shellWord(ca.path)}${sameName}`,
      remedy:
        'give the authority that issued it with --ca, or issue the certificate again: overspan cert issue server|client NAME --force',
      file: cert.path,
    },
  ];
}

/** A certificate without extended key usage allows everything (RFC 5280, section 4.2.1.12). */
function allows(certificate: X509Certificate, purpose: Purpose): boolean {
  // Node names the extended key usage `keyUsage`, and leaves it undefined where there is none.
  const usages = certificate.keyUsage as string[] | undefined;
  return (
    usages === undefined ||
    usages.includes(extendedKeyUsage[purpose]) ||
    usages.includes(anyExtendedKeyUsage)
  );
}

function wrongPurpose(file: string, purpose: Purpose): Problem {
  return {
    severity: 'error',
    code: 'PKI_WRONG_PURPOSE',
    message: `the certificate in ${shellWord(file)} is not for a TLS ${purpose}: its extended key usage says so`,
    remedy: `overspan cert issue ${purpose} NAME, or make one with extendedKeyUsage=${purpose}Auth`,
    file,
  };
}

function keyMismatch(cert: CertificateFile, key: KeyFile): Problem {
  return {
    severity: 'error',
    code: 'PKI_KEY_MISMATCH',
    message: `the key in ${shellWord(key.path)} does not belong to the certificate in ${shellWord(cert.path)}`,
    remedy: cert.certificates.slice(1).some((other) => other.checkPrivateKey(key.key))
      ? 'put the certificate of the key first in its file, and those that issued it after it'
      : 'give the key that was made with this certificate, or issue both again: overspan cert issue server|client NAME --force',
    file: key.path,
  };
}

function keyReadable({ path, mode }: KeyFile): Problem {
  const who = (mode & 0o007) !== 0 ? 'everybody on this machine' : 'its group';
  return {
    severity: 'warning',
    code: 'PKI_KEY_READABLE',
    message: `the key in ${shellWord(path)} is open to ${who} (mode ${mode.toString(8).padStart(4, '0')})`,
    remedy: `chmod 600 ${shellWord(path)}`,
    file: path,
  };
}

function rank({ severity }: Problem): number {
  return severity === 'error' ? 0 : 1;
}
