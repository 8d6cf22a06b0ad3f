/**
 * Makes and signs certificates and certificate requests: the one file that loads the X.509 library, which takes a
 * quarter of a second, so it is itself loaded where a certificate is made and nowhere else.
 *
 * Contents after RFC 5280 section 4.2: authority: basicConstraints CA:TRUE pathlen:0 and keyUsage keyCertSign cRLSign;
 * leaf: basicConstraints CA:FALSE, keyUsage digitalSignature, one extended key usage; key identifiers on all.
 */
// The library's dependency injection wants the metadata API to be there before it.
import 'reflect-metadata';

import {
  createPublicKey,
  randomBytes,
  webcrypto,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as ParsedCertificate,
  X509CertificateGenerator,
  type Extension,
} from '@peculiar/x509';

import type { KeyPair } from './keys.ts';
import type { SubjectNames } from './names.ts';

cryptoProvider.set(webcrypto);

/** What a certificate is for. */
export type Profile =
  | { readonly kind: 'authority' }
  | { readonly kind: 'server'; readonly names: SubjectNames }
  | { readonly kind: 'client' };

/** Everything that a new certificate says. */
export interface CertificateOrder {
  readonly profile: Profile;
  readonly commonName: string;
  readonly publicKey: KeyObject;
  /** Who signs: a certificate with its key, or the new certificate's own key where it has no issuer. */
  readonly signer: { readonly certificate: X509Certificate | null; readonly key: KeyObject };
  /** ms since the Unix epoch; X.509 keeps whole seconds. */
  readonly notBeforeUnixMs: number;
  readonly notAfterUnixMs: number;
}

/** Makes and signs a certificate. @returns PEM */
export async function makeCertificate(order: CertificateOrder): Promise<string> {
  const subject = commonName(order.commonName);
  const above = order.signer.certificate;
  // The issuer's name and key identifier are copied as they stand, whoever wrote them: OpenSSL compares them.
  const issuer = above === null ? null : new ParsedCertificate(above.raw);
  const spki = spkiBytes(order.publicKey);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: issuer?.subjectName ?? subject,
    notBefore: new Date(order.notBeforeUnixMs),
    notAfter: new Date(order.notAfterUnixMs),
    publicKey: spki,
    signingKey: await signingKey(order.signer.key),
    signingAlgorithm: signatureAlgorithm(order.signer.key),
    extensions: [
      ...profileExtensions(order.profile),
      await SubjectKeyIdentifierExtension.create(spki),
      await authorityKeyIdentifier(issuer, spki),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Makes a PKCS#10 request for a key pair, signed with it. @returns PEM */
export async function makeRequestPem(name: string, keys: KeyPair): Promise<string> {
  const publicKey = await webcrypto.subtle.importKey(
    'spki',
    spkiBytes(keys.publicKey),
    webAlgorithm(keys.publicKey),
    true,
    ['verify'],
  );
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: commonName(name),
    keys: { publicKey, privateKey: await signingKey(keys.privateKey) },
    signingAlgorithm: signatureAlgorithm(keys.privateKey),
  });
  return `${request.toString('pem')}\n`;
}

/**
 * The public key of a request; nothing else that it asks for is looked at.
 *
 * @param accept - called with the key before its signature is verified; throws to refuse the kind of key
 * @returns null where the request is damaged or not signed with its own key
 */
export async function verifiedRequestKey(
  csrPem: string,
  accept: (key: KeyObject) => void,
): Promise<KeyObject | null> {
  let request: Pkcs10CertificateRequest;
  let key: KeyObject;
  try {
    request = new Pkcs10CertificateRequest(csrPem);
    const der = Buffer.from(request.publicKey.rawData);
    key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    // The parser throws errors of many kinds for bytes that are no request; all of them mean this.
    return null;
  }
  accept(key);
  try {
    return (await request.verify()) ? key : null;
  } catch {
    return null;
  }
}

function profileExtensions(profile: Profile): Extension[] {
  switch (profile.kind) {
    case 'authority':
      return [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ];
    case 'server':
      return [...leafExtensions(ExtendedKeyUsage.serverAuth), alternativeNames(profile.names)];
    case 'client':
      return leafExtensions(ExtendedKeyUsage.clientAuth);
  }
}

function leafExtensions(usage: ExtendedKeyUsage): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
  ];
}

function alternativeNames({ ip, dns }: SubjectNames): Extension {
  return new SubjectAlternativeNameExtension([
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...ip.map((value) => ({ type: 'ip' as const, value })),
  ]);
}

async function authorityKeyIdentifier(
  issuer: ParsedCertificate | null,
  ownSpki: Uint8Array<ArrayBuffer>,
): Promise<Extension> {
  const stated = issuer?.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return stated === undefined
    ? AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? ownSpki)
    : new AuthorityKeyIdentifierExtension(stated);
}

/** A subject of one attribute, as a value and not as text to be parsed: a comma in a name stays a comma. */
function commonName(name: string): Name {
  return new Name([{ CN: [{ utf8String: name }] }]);
}

/** 128 random bits (RFC 5280, section 4.1.2.2, asks for 64); the library puts a zero before a leading one bit. */
function serialNumber(): string {
  return randomBytes(16).toString('hex');
}

function spkiBytes(key: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }));
}

async function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, webAlgorithm(key), false, ['sign']);
}

/** The names that Web Crypto has for a key of OpenSSL. */
function webAlgorithm(
  key: KeyObject,
): webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curves = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const;
  const curve = (key.asymmetricKeyDetails?.namedCurve ?? '') as keyof typeof curves;
  return { name: 'ECDSA', namedCurve: curves[curve] };
}

function signatureAlgorithm(key: KeyObject): { name: string; hash: string } {
  return { name: webAlgorithm(key).name, hash: 'SHA-256' };
}
