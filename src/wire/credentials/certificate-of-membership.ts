/**
 * A certificate of membership (COM): qualifiers that two members compare to see that both belong to a network.
 *
 *     01 (1)  count (2)   at most 8
 *     qualifiers: id (8)  value (8)  max delta (8) each, ids ascending
 *     signed by (5)       0: unsigned, nothing follows
 *     signature (96)
 *
 * | id | value | max delta |
 * |---|---|---|
 * | 0 | timestamp, ms, controller's clock | the window in which it agrees with others |
 * | 1 | network | 0 |
 * | 2 | address issued to | 2⁶⁴ − 1 |
 * | 3–6 | SHA-384 of the holder's address ‖ public key, its first 32 bytes | 2⁶⁴ − 1 |
 *
 * Source: vl2 5.2, appendix B; `captures/com-B.hex`, `credentials-refused.json`. The qualifiers alone are signed, without
 * the frame of the other credentials.
 */
import { ByteWriter, toHex } from '../../base/bytes.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { sign, signatureLength, verify } from '../../crypto/signature.ts';
import type { Codec, WireReader } from '../codec.ts';
import { controllerOf } from '../network-id.ts';

/** One number that is compared. */
export interface Qualifier {
  readonly id: bigint;
  readonly value: bigint;
  /** How far another's value may be away. */
  readonly maxDelta: bigint;
}

/** A certificate of membership. */
export interface CertificateOfMembership {
  /** By ascending id, at most {@link qualifiersMax}. */
  readonly qualifiers: readonly Qualifier[];
  /** 0: unsigned. */
  readonly signedBy: Address;
  /** 96 bytes, none where it is unsigned. */
  readonly signature: Uint8Array;
}

/** Ids of the qualifiers that 1.14.1 knows. */
export const qualifierIds = {
  timestamp: 0n,
  networkId: 1n,
  issuedTo: 2n,
  /** The first of four. */
  fingerprint: 3n,
} as const;

/** The most qualifiers of a certificate. */
export const qualifiersMax = 8;
/** How long certificates agree: what controllers may choose, and what they do, ms. */
export const membershipWindowMs = { min: 300_000n, default: 1_800_000n, max: 7_200_000n } as const;

const version = 1;
const qualifierLength = 24;
const fingerprintWords = 4;
const anyDelta = 0xffff_ffff_ffff_ffffn;

/** The codec. */
export const certificateOfMembership: Codec<CertificateOfMembership> = {
  name: 'certificate of membership',
  layout: [
    { name: 'version', size: 1, note: '1' },
    { name: 'count', size: 2, note: 'at most 8' },
    { name: 'qualifiers', size: '24 × count', note: 'id, value, max delta; ids ascending' },
    { name: 'signed by', size: 5, note: '0: unsigned' },
    { name: 'signature', size: '96, or 0 where unsigned' },
  ],
  read: (reader) => {
    if (reader.u8() !== version) reader.fail('bad-credential');
    const qualifiers = readQualifiers(reader);
    const signedBy = reader.u40() as Address;
    return { qualifiers, signedBy, signature: reader.take(signedBy === 0 ? 0 : signatureLength) };
  },
  write: (writer, value) => {
    writer.u8(version);
    writer.u16(value.qualifiers.length);
    writeQualifiers(writer, value.qualifiers);
    writer.u40(value.signedBy);
    writer.put(value.signature);
  },
  describe: (value) => {
    const text = (id: bigint, show: (number: bigint) => string): string => {
      const found = qualifier(value, id);
      return found === null ? 'none' : show(found.value);
    };
    return (
      `membership of ${text(qualifierIds.issuedTo, formatU64).slice(-10)} on ` +
      `${text(qualifierIds.networkId, formatU64)} at ${text(qualifierIds.timestamp, String)}, ` +
      (value.signedBy === 0 ? 'unsigned' : `signed by ${formatAddress(value.signedBy)}`)
    );
  },
  toJson: (value) => ({
    qualifiers: value.qualifiers.map(({ id, value: number, maxDelta }) => ({
      id: formatU64(id),
      value: formatU64(number),
      maxDelta: formatU64(maxDelta),
    })),
    signedBy: formatAddress(value.signedBy),
    signature: toHex(value.signature),
  }),
};

/** The qualifier of an id, one of {@link qualifierIds} or another; null where there is none. */
export function qualifier(value: CertificateOfMembership, id: bigint): Qualifier | null {
  return value.qualifiers.find((at) => at.id === id) ?? null;
}

/**
 * Whether two members may talk: every qualifier of mine is in theirs within my delta, and theirs is of the identity that
 * they showed. Not symmetric, and no signature is looked at.
 *
 * @param mine - null or without qualifiers: nobody agrees. @param theirs - likewise
 * @param theirFingerprint - 48 bytes, SHA-384 of their address ‖ public key
 */
export function agrees(
  mine: CertificateOfMembership | null,
  theirs: CertificateOfMembership | null,
  theirFingerprint: Uint8Array,
): boolean {
  if (mine === null || theirs === null) return false;
  if (mine.qualifiers.length === 0 || theirs.qualifiers.length === 0) return false;
  for (const { id, value, maxDelta } of mine.qualifiers) {
    const other = qualifier(theirs, id);
    if (other === null) return false;
    const delta = value > other.value ? value - other.value : other.value - value;
    if (delta > maxDelta) return false;
  }
  // A certificate without a fingerprint is from an old controller: then theirs is not asked for one either.
  return !mine.qualifiers.some(({ id }) => isFingerprintId(id)) || names(theirs, theirFingerprint);
}

/** What its signature covers: the qualifiers, new. */
export function certificateOfMembershipSignedMessage(
  value: Pick<CertificateOfMembership, 'qualifiers'>,
): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(value.qualifiers.length * qualifierLength));
  writeQualifiers(writer, value.qualifiers);
  return writer.bytes;
}

/** Signs any qualifiers. @param secretKey - 64 bytes, of the node named in `signedBy` */
export function signCertificateOfMembership(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: Omit<CertificateOfMembership, 'signature'>,
): CertificateOfMembership {
  const message = certificateOfMembershipSignedMessage(value);
  return { ...value, signature: sign(provider, secretKey, message) };
}

/**
 * Whether it is of a network, and that network's controller signed it.
 *
 * @param publicKey - 64 bytes, the controller's
 */
export function verifyCertificateOfMembership(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  value: CertificateOfMembership,
): boolean {
  const network = qualifier(value, qualifierIds.networkId);
  if (network === null || value.signedBy !== controllerOf(network.value as NetworkId)) return false;
  const message = certificateOfMembershipSignedMessage(value);
  return verify(provider, publicKey, message, value.signature);
}

/** What a controller certifies. */
export interface Membership {
  readonly networkId: NetworkId;
  readonly issuedTo: Address;
  /** 48 bytes, SHA-384 of the member's address ‖ public key. */
  readonly fingerprint: Uint8Array;
  /** ms. */
  readonly timestamp: bigint;
  /** ms; see {@link membershipWindowMs}. */
  readonly window: bigint;
}

/** Issues one as 1.14.1 does. @param secretKey - 64 bytes, the controller's */
export function issueCertificateOfMembership(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  member: Membership,
): CertificateOfMembership {
  const { timestamp, networkId, issuedTo } = qualifierIds;
  return signCertificateOfMembership(provider, secretKey, {
    qualifiers: [
      { id: timestamp, value: member.timestamp, maxDelta: member.window },
      { id: networkId, value: member.networkId, maxDelta: 0n },
      { id: issuedTo, value: BigInt(member.issuedTo), maxDelta: anyDelta },
      ...words(member.fingerprint).map((value, i) => ({
        id: qualifierIds.fingerprint + BigInt(i),
        value,
        maxDelta: anyDelta,
      })),
    ],
    signedBy: controllerOf(member.networkId),
  });
}

function names(value: CertificateOfMembership, fingerprint: Uint8Array): boolean {
  return words(fingerprint).every(
    (word, i) => qualifier(value, qualifierIds.fingerprint + BigInt(i))?.value === word,
  );
}

function isFingerprintId(id: bigint): boolean {
  return id >= qualifierIds.fingerprint && id < qualifierIds.fingerprint + BigInt(fingerprintWords);
}

function words(fingerprint: Uint8Array): bigint[] {
  const view = new DataView(fingerprint.buffer, fingerprint.byteOffset, fingerprint.length);
  return Array.from({ length: fingerprintWords }, (_, i) => view.getBigUint64(8 * i));
}

function readQualifiers(reader: WireReader): Qualifier[] {
  const count = reader.u16();
  if (count > qualifiersMax) reader.fail('bad-credential');
  const qualifiers: Qualifier[] = [];
  let previous = -1n;
  for (let i = 0; i < count && reader.failure === null; i++) {
    const id = reader.u64();
    if (id <= previous) reader.fail('bad-credential');
    previous = id;
    qualifiers.push({ id, value: reader.u64(), maxDelta: reader.u64() });
  }
  return qualifiers;
}

function writeQualifiers(writer: ByteWriter, qualifiers: readonly Qualifier[]): void {
  for (const { id, value, maxDelta } of qualifiers) {
    writer.u64(id);
    writer.u64(value);
    writer.u64(maxDelta);
  }
}
