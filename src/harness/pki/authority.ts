/** The certificate authority of a directory: made by us, or put there. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';

import { errorCode } from '../../base/errors.ts';
import { checkIdentity } from './checks.ts';
import { authorityDays, commonNameLengthMax } from './constants.ts';
import { pkiError, problemError } from './errors.ts';
import { fingerprintBytes } from './fingerprint.ts';
import { storeIssued, validity, type Issued, type IssueOptions } from './issued.ts';
import { checkKeyKind, generateKeys } from './keys.ts';
import { pkiPaths } from './layout.ts';
import { checkAuthorityName } from './names.ts';
import { readCertificates, readKey } from './pem-file.ts';
import { shellWord } from './shell-word.ts';

/** An authority that can sign. */
export interface Authority {
  /** Where the certificate was read from. */
  readonly file: string;
  /** The certificate whose key signs. */
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  /** The signing certificate and those above it, in PEM. */
  readonly chainPem: string;
  /** What a peer is to trust: the root of the chain, which is the signing certificate itself unless made elsewhere. */
  readonly anchorPem: string;
  /** SHA-256 of the trusted certificate's DER, 32 bytes: what an invitation carries. */
  readonly anchorSha256: Uint8Array;
}

/**
 * Makes an authority in a directory: `ca.pem` and `ca.key`.
 *
 * @param directory - of keys and certificates; made with mode 0700 where missing
 * @param options - `name`: its common name, up to 64 characters; `days`: 3650 unless given
 * @throws PKI_FILE_EXISTS, PKI_FILE_UNWRITABLE, PKI_NAME_INVALID, PKI_DAYS_INVALID
 */
export async function initAuthority(
  directory: string,
  options: IssueOptions & { readonly name?: string | undefined },
): Promise<Issued> {
  const name = checkAuthorityName(options.name ?? defaultAuthorityName());
  const period = validity(options.now, options.days ?? authorityDays);
  const keys = await generateKeys(options.keyType ?? 'ecdsa-p256');
  const { makeCertificate } = await import('./certificate-maker.ts');
  const certPem = await makeCertificate({
    profile: { kind: 'authority' },
    commonName: name,
    publicKey: keys.publicKey,
    signer: { certificate: null, key: keys.privateKey },
    ...period,
  });
  return storeIssued(pkiPaths(directory).ca, certPem, certPem, keys, options.force);
}

/**
 * Reads the authority of a directory, made by us or put there.
 *
 * @param now - wall clock, ms since the Unix epoch
 * @throws PKI_FILE_MISSING, PKI_FILE_UNREADABLE, PKI_NOT_PEM, PKI_KEY_ENCRYPTED, PKI_KEY_MISMATCH,
 *   PKI_KEY_UNSUPPORTED, PKI_WRONG_PURPOSE, PKI_EXPIRED, PKI_NOT_YET_VALID
 */
export async function loadAuthority(directory: string, now: number): Promise<Authority> {
  const paths = pkiPaths(directory).ca;
  const cert = await readCertificates(paths.cert).catch((error: unknown) => {
    throw errorCode(error) === 'PKI_FILE_MISSING' ? noAuthority(directory, error) : error;
  });
  const key = await readKey(paths.key);
  const [certificate] = cert.certificates;
  const problem = checkIdentity({ ca: null, cert, key }, now, null).find(
    ({ severity }) => severity === 'error',
  );
  if (problem !== undefined) throw problemError(problem);
  checkKeyKind(key.key, `the authority in ${shellWord(paths.cert)}`);
  if (!certificate.ca) {
    throw pkiError(
      'PKI_WRONG_PURPOSE',
      `the certificate in ${shellWord(paths.cert)} is not that of an authority`,
      {
        remedy:
          'overspan cert init --dir DIRECTORY makes one; with OpenSSL it needs basicConstraints=critical,CA:TRUE',
        details: { file: paths.cert },
      },
    );
  }
  const anchor = cert.certificates.find(({ subject, issuer }) => subject === issuer) ?? certificate;
  return {
    file: paths.cert,
    certificate,
    key: key.key,
    chainPem: cert.pem,
    anchorPem: anchor.toString(),
    anchorSha256: fingerprintBytes(anchor),
  };
}

function defaultAuthorityName(): string {
  return `Overspan CA ${hostname()}`.slice(0, commonNameLengthMax);
}

function noAuthority(directory: string, cause: unknown): Error {
  return pkiError(
    'PKI_FILE_MISSING',
    `there is no certificate authority in ${shellWord(directory)}`,
    {
      remedy: `overspan cert init --dir ${shellWord(directory)}`,
      cause,
      details: { file: pkiPaths(directory).ca.cert },
    },
  );
}
