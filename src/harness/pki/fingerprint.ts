/** The identity of a certificate: SHA-256 of its DER, as `openssl x509 -fingerprint -sha256` computes it. */
import { createHash, type X509Certificate } from 'node:crypto';

/** 32 bytes. */
export function fingerprintBytes(certificate: X509Certificate): Uint8Array {
  return new Uint8Array(createHash('sha256').update(certificate.raw).digest());
}

/** 64 lower-case hexadecimal digits. */
export function fingerprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex');
}
