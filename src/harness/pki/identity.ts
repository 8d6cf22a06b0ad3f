/** The certificate, key and authority that a TLS server or client is given, read from files and checked. */
import type { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

import { errorMessage } from '../../base/errors.ts';
import { checkIdentity, type IdentityParts, type Purpose } from './checks.ts';
import { pkiError, problemError, type Problem } from './errors.ts';
import { readCertificates, readKey } from './pem-file.ts';
import type { Secret } from '../../base/secret.ts';
import { shellWord } from './shell-word.ts';

/** Paths of PEM files; leave out what is not used. */
export interface IdentityFiles {
  /** Certificates that are trusted. */
  readonly ca?: string | undefined;
  /** A certificate, then those that issued it. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What `tls.createServer` and `tls.connect` take, in PEM. Null for the files that were not given. */
export interface Identity {
  readonly caPem: string | null;
  readonly certPem: string | null;
  readonly keyPem: Secret<string> | null;
  readonly ca: X509Certificate | null;
  readonly certificate: X509Certificate | null;
  /** What is no error yet: to be shown. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads and checks the files of one end of a connection.
 *
 * @param options - `now`: wall clock, ms since the Unix epoch; `purpose`: what the certificate is used for
 * @throws PKI_FILE_MISSING, PKI_FILE_UNREADABLE, PKI_NOT_PEM, PKI_KEY_ENCRYPTED, PKI_KEY_MISMATCH, PKI_EXPIRED,
 *   PKI_NOT_YET_VALID, PKI_WRONG_CA, PKI_WRONG_PURPOSE, PKI_UNUSABLE
 * @example
 * const server = await loadIdentity({ ca: 'ca.pem', cert: 'server.pem', key: 'server.key' }, { now, purpose: 'server' })
 */
export async function loadIdentity(
  files: IdentityFiles,
  options: { readonly now: number; readonly purpose?: Purpose },
): Promise<Identity> {
  const parts: IdentityParts = {
    ca: files.ca === undefined ? null : await readCertificates(files.ca),
    cert: files.cert === undefined ? null : await readCertificates(files.cert),
    key: files.key === undefined ? null : await readKey(files.key),
  };
  const problems = checkIdentity(parts, options.now, options.purpose ?? null);
  const [first] = problems;
  if (first?.severity === 'error') throw problemError(first);
  const identity: Identity = {
    caPem: parts.ca?.pem ?? null,
    certPem: parts.cert?.pem ?? null,
    keyPem: parts.key?.pem ?? null,
    ca: parts.ca?.certificates[0] ?? null,
    certificate: parts.cert?.certificates[0] ?? null,
    warnings: problems,
  };
  tryContext(identity, files);
  return identity;
}

/** OpenSSL has rules of its own (key sizes, digests) that depend on how it was built: better asked now than later. */
function tryContext({ caPem, certPem, keyPem }: Identity, files: IdentityFiles): void {
  try {
    createSecureContext({
      ...(caPem === null ? {} : { ca: caPem }),
      ...(certPem === null || keyPem === null ? {} : { cert: certPem, key: keyPem.reveal() }),
    });
  } catch (error) {
    const file = files.cert ?? files.ca ?? '';
    throw pkiError(
      'PKI_UNUSABLE',
      `the TLS library refuses ${shellWord(file)}: ${errorMessage(error)}`,
      {
        remedy:
          'make a certificate with a key of ECDSA P-256 or RSA of 2048 bits and more, signed with SHA-256: overspan cert issue does',
        cause: error,
        details: { file },
      },
    );
  }
}
