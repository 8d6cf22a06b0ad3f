/**
 * A revocation: credentials of a member up to a time are worth nothing any more.
 *
 *     0 (4)  id (4)  network (8)  0 (4)  credential id (4)  threshold (8)  flags (8)
 *     target (5)  signed by (5)  credential type (1)  signature block  future fields
 *
 * Source: vl2 5.3, 5.6; 152 bytes as 1.14.1 sends it; `captures` frame 371, `credentials-refused.json`. The eight unused
 * bytes are signed as zero whatever they are.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Codec } from '../codec.ts';
import {
  readSigned,
  signedLayout,
  signedMessageOf,
  signedToJson,
  signMessage,
  verifySigned,
  writeSigned,
  type Signed,
  type Unsigned,
} from './signature-block.ts';

/** What can be revoked, by its number on the wire. */
export const revocableTypes = { membership: 1, capability: 2, tag: 3, ownership: 4 } as const;

/** Flag: hand it on to every other member that is known. */
export const fastPropagateFlag = 1n;

/** A revocation. */
export interface Revocation extends Signed {
  /** Bytes 0–3, without meaning. */
  readonly unused1: number;
  /** 32 bits, random. */
  readonly id: number;
  readonly networkId: NetworkId;
  /** Bytes 16–19, without meaning. */
  readonly unused2: number;
  /** 32 bits, the id of the capability, tag or certificate of ownership; 0 for membership. */
  readonly credentialId: number;
  /** Credentials of this time and older are revoked, ms, controller's clock. */
  readonly threshold: bigint;
  /** {@link fastPropagateFlag}. */
  readonly flags: bigint;
  /** Whose credential it is. */
  readonly target: Address;
  readonly signedBy: Address;
  /** One of {@link revocableTypes}; a revocation of any other type is to be refused. */
  readonly credentialType: number;
}

const bodyLength = 4 + 4 + 8 + 4 + 4 + 8 + 8 + 5 + 5 + 1;
const typeNames: ReadonlyMap<number, string> = new Map(
  Object.entries(revocableTypes).map(([name, type]) => [type, name]),
);

/** The codec. */
export const revocation: Codec<Revocation> = {
  name: 'revocation',
  layout: [
    { name: 'unused 1', size: 4, note: '0' },
    { name: 'id', size: 4, note: 'random' },
    { name: 'network', size: 8 },
    { name: 'unused 2', size: 4, note: '0' },
    { name: 'credential id', size: 4, note: '0 for membership' },
    { name: 'threshold', size: 8, note: 'ms: what is not newer is revoked' },
    { name: 'flags', size: 8, note: '1 fast propagate' },
    { name: 'target', size: 5 },
    { name: 'signed by', size: 5, note: 'the controller' },
    { name: 'credential type', size: 1, note: '1 membership, 2 capability, 3 tag, 4 ownership' },
    ...signedLayout,
  ],
  read: (reader) => ({
    unused1: reader.u32(),
    id: reader.u32(),
    networkId: reader.u64() as NetworkId,
    unused2: reader.u32(),
    credentialId: reader.u32(),
    threshold: reader.u64(),
    flags: reader.u64(),
    target: reader.u40() as Address,
    signedBy: reader.u40() as Address,
    credentialType: reader.u8(),
    ...readSigned(reader),
  }),
  write: (writer, value) => {
    writeBody(writer, value);
    writeSigned(writer, value);
  },
  describe: ({ credentialType, credentialId, target, networkId, threshold }) =>
    `revocation of ${typeNames.get(credentialType) ?? `type ${credentialType}`} ` +
    `${credentialId} of ${formatAddress(target)} on ${formatU64(networkId)} up to ${threshold}`,
  toJson: (value) => ({
    id: value.id,
    networkId: formatU64(value.networkId),
    credentialType: value.credentialType,
    credentialId: value.credentialId,
    threshold: formatU64(value.threshold),
    flags: formatU64(value.flags),
    target: formatAddress(value.target),
    signedBy: formatAddress(value.signedBy),
    unused: [value.unused1, value.unused2],
    ...signedToJson(value),
  }),
};

/** What its signature covers, new. */
export function revocationSignedMessage(value: Unsigned<Revocation>): Uint8Array {
  return signedMessageOf(bodyLength, (writer) => {
    writeBody(writer, { ...value, unused1: 0, unused2: 0 });
  });
}

/** Signs as the controller. @param secretKey - 64 bytes, of the node named in `signedBy` */
export function signRevocation(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: Omit<Unsigned<Revocation>, 'unused1' | 'unused2'>,
): Revocation {
  const whole = { ...value, unused1: 0, unused2: 0 };
  return { ...whole, ...signMessage(provider, secretKey, revocationSignedMessage(whole)) };
}

/** Whether the network's controller signed it. @param publicKey - 64 bytes, the controller's */
export function verifyRevocation(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  value: Revocation,
): boolean {
  return verifySigned(provider, publicKey, revocationSignedMessage(value), value);
}

function writeBody(writer: ByteWriter, value: Unsigned<Revocation>): void {
  writer.u32(value.unused1);
  writer.u32(value.id);
  writer.u64(value.networkId);
  writer.u32(value.unused2);
  writer.u32(value.credentialId);
  writer.u64(value.threshold);
  writer.u64(value.flags);
  writer.u40(value.target);
  writer.u40(value.signedBy);
  writer.u8(value.credentialType);
}
