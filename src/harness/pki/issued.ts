/** What making an authority and issuing from it have in common: the options, the period, the files. */
import { X509Certificate } from 'node:crypto';

import { backdateMs, daysMax, msPerDay } from './constants.ts';
import { describeCertificate, type CertificateFacts } from './describe.ts';
import { pkiError } from './errors.ts';
import { privateKeyPem, type KeyPair, type KeyType } from './keys.ts';
import { writePair, type PairPaths } from './layout.ts';

/** A pair that was written, and what its certificate says. */
export interface Issued extends PairPaths {
  readonly certificate: CertificateFacts;
}

/** What every certificate is made with. */
export interface IssueOptions {
  /** Validity in days from now, 1 … 36500. */
  readonly days?: number | undefined;
  readonly keyType?: KeyType | undefined;
  /** Replace what is there. */
  readonly force?: boolean | undefined;
  /** Wall clock, ms since the Unix epoch. */
  readonly now: number;
}

/** Writes a new pair. @param filePem - the certificate and what goes with it into its file */
export async function storeIssued(
  paths: PairPaths,
  certPem: string,
  filePem: string,
  keys: KeyPair,
  force = false,
): Promise<Issued> {
  await writePair(paths, { certPem: filePem, keyPem: privateKeyPem(keys.privateKey) }, force);
  return { ...paths, certificate: describeCertificate(new X509Certificate(certPem)) };
}

/**
 * The period of a new certificate.
 *
 * @param now - wall clock, ms since the Unix epoch
 * @throws PKI_DAYS_INVALID
 */
export function validity(
  now: number,
  days: number,
): { notBeforeUnixMs: number; notAfterUnixMs: number } {
  if (!Number.isInteger(days) || days < 1 || days > daysMax) {
    throw pkiError('PKI_DAYS_INVALID', `${String(days)} is no validity in days`, {
      remedy: `give a whole number from 1 to ${String(daysMax)}, as in --days 397`,
    });
  }
  return { notBeforeUnixMs: now - backdateMs, notAfterUnixMs: now + days * msPerDay };
}
