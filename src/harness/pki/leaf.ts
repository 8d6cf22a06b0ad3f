/** Server and client certificates, issued by an authority: for a new key of ours, or for the key of a request. */
import type { KeyObject } from 'node:crypto';

import { loadAuthority, type Authority } from './authority.ts';
import { checkValidity } from './checks.ts';
import { commonNameLengthMax, fixedServerName, leafDays } from './constants.ts';
import { describeCertificate } from './describe.ts';
import { pkiError, problemError } from './errors.ts';
import { storeIssued, validity, type Issued, type IssueOptions } from './issued.ts';
import { checkKeyKind, generateKeys, leafKeyType, privateKeyPem } from './keys.ts';
import { clientPaths, pkiPaths } from './layout.ts';
import { checkClientName, sanitisedClientName, subjectNames, type SubjectNames } from './names.ts';
import { Secret } from '../../base/secret.ts';

/**
 * Issues the server's certificate into `server.pem` (the authority's follows it) and `server.key`. Beside the names
 * given it always carries {@link fixedServerName}.
 *
 * @param options - `names`: addresses and host names, in any order; `days`: 397 unless given
 * @throws what {@link loadAuthority} throws, PKI_FILE_EXISTS, PKI_FILE_UNWRITABLE, PKI_NAME_INVALID, PKI_DAYS_INVALID
 */
export async function issueServer(
  directory: string,
  options: IssueOptions & { readonly names: readonly string[] },
): Promise<Issued> {
  const names = subjectNames([...options.names, fixedServerName]);
  const authority = await loadAuthority(directory, options.now);
  const keys = await generateKeys(options.keyType ?? leafKeyType(authority.key));
  const certPem = await sign(authority, keys.publicKey, serverOrder(names), options);
  return storeIssued(
    pkiPaths(directory).server,
    certPem,
    certPem + authority.chainPem,
    keys,
    options.force,
  );
}

/**
 * Issues a client's certificate into `clients/NAME.pem` and `clients/NAME.key`.
 *
 * @param options - `name`: 1 to 64 letters, digits and `. _ @ -`; `days`: 397 unless given
 * @throws as {@link issueServer}
 */
export async function issueClient(
  directory: string,
  options: IssueOptions & { readonly name: string },
): Promise<Issued> {
  const name = checkClientName(options.name);
  const authority = await loadAuthority(directory, options.now);
  const keys = await generateKeys(options.keyType ?? leafKeyType(authority.key));
  const certPem = await sign(authority, keys.publicKey, clientOrder(name), options);
  return storeIssued(clientPaths(directory, name), certPem, certPem, keys, options.force);
}

/**
 * Issues a client certificate for the key of a request. What else the request asks for is ignored: its signature
 * proves only that the sender holds the key.
 *
 * @param csrPem - PKCS#10, from anybody
 * @param options - `name`: what the sender calls itself; what is no letter, digit or `. _ @ -` of it is replaced
 * @returns the certificate in PEM
 * @throws PKI_REQUEST_INVALID, PKI_KEY_UNSUPPORTED, PKI_DAYS_INVALID
 */
export async function signRequest(
  authority: Authority,
  csrPem: string,
  options: { readonly name: string; readonly days?: number; readonly now: number },
): Promise<string> {
  const { verifiedRequestKey } = await import('./certificate-maker.ts');
  const publicKey = await verifiedRequestKey(csrPem, (key) => {
    checkKeyKind(key, 'the request');
  });
  if (publicKey === null) {
    throw pkiError(
      'PKI_REQUEST_INVALID',
      'the request is damaged, or not signed with its own key',
      {
        remedy:
          'make a new one: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=NAME',
      },
    );
  }
  return sign(authority, publicKey, clientOrder(sanitisedClientName(options.name)), options);
}

/**
 * Makes a key pair and a request for a certificate of it.
 *
 * @param name - what the client wants to be called; the authority decides
 */
export async function makeRequest(
  name: string,
): Promise<{ readonly csrPem: string; readonly keyPem: Secret<string> }> {
  const keys = await generateKeys('ecdsa-p256');
  const { makeRequestPem } = await import('./certificate-maker.ts');
  return {
    csrPem: await makeRequestPem(sanitisedClientName(name), keys),
    keyPem: new Secret(privateKeyPem(keys.privateKey)),
  };
}

type LeafOrder =
  | { commonName: string; profile: { kind: 'client' } }
  | { commonName: string; profile: { kind: 'server'; names: SubjectNames } };

function clientOrder(name: string): LeafOrder {
  return { commonName: name, profile: { kind: 'client' } };
}

/** The common name is for people only; peers look at the alternative names. */
function serverOrder(names: SubjectNames): LeafOrder {
  const fitting = [...names.dns, ...names.ip].find((name) => name.length <= commonNameLengthMax);
  return { commonName: fitting ?? fixedServerName, profile: { kind: 'server', names } };
}

async function sign(
  authority: Authority,
  publicKey: KeyObject,
  order: LeafOrder,
  { now, days = leafDays }: Pick<IssueOptions, 'now' | 'days'>,
): Promise<string> {
  const [problem] = checkValidity(authority.certificate, authority.file, now);
  if (problem?.severity === 'error') throw problemError(problem);
  const period = validity(now, days);
  const { notAfterUnixMs: authorityEndUnixMs } = describeCertificate(authority.certificate);
  const { makeCertificate } = await import('./certificate-maker.ts');
  return makeCertificate({
    ...order,
    publicKey,
    signer: { certificate: authority.certificate, key: authority.key },
    notBeforeUnixMs: period.notBeforeUnixMs,
    // A certificate that outlives its issuer only looks valid.
    notAfterUnixMs: Math.min(period.notAfterUnixMs, authorityEndUnixMs),
  });
}
