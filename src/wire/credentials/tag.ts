/**
 * A tag: a number that a controller gives a member, for rules to compare.
 *
 *     network (8)  timestamp (8)  id (4)  value (4)  issued to (5)  signed by (5)  signature block  future fields
 *
 * Source: vl2 5.3; 135 bytes as 1.14.1 sends it; `captures` frame 90, `credentials-refused.json`.
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

/** A tag. */
export interface Tag extends Signed {
  readonly networkId: NetworkId;
  /** When it was issued, by the controller's clock, ms. */
  readonly timestamp: bigint;
  /** 32 bits; what rules call it. */
  readonly id: number;
  /** 32 bits. */
  readonly value: number;
  readonly issuedTo: Address;
  readonly signedBy: Address;
}

const bodyLength = 8 + 8 + 4 + 4 + 5 + 5;

/** The codec. */
export const tag: Codec<Tag> = {
  name: 'tag',
  layout: [
    { name: 'network', size: 8 },
    { name: 'timestamp', size: 8, note: 'ms, controller’s clock' },
    { name: 'id', size: 4 },
    { name: 'value', size: 4 },
    { name: 'issued to', size: 5 },
    { name: 'signed by', size: 5, note: 'the controller' },
    ...signedLayout,
  ],
  read: (reader) => ({
    networkId: reader.u64() as NetworkId,
    timestamp: reader.u64(),
    id: reader.u32(),
    value: reader.u32(),
    issuedTo: reader.u40() as Address,
    signedBy: reader.u40() as Address,
    ...readSigned(reader),
  }),
  write: (writer, value) => {
    writeBody(writer, value);
    writeSigned(writer, value);
  },
  describe: ({ id, value, issuedTo, networkId, timestamp }) =>
    `tag ${id} = ${value} of ${formatAddress(issuedTo)} on ${formatU64(networkId)} at ${timestamp}`,
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    timestamp: formatU64(value.timestamp),
    id: value.id,
    value: value.value,
    issuedTo: formatAddress(value.issuedTo),
    signedBy: formatAddress(value.signedBy),
    ...signedToJson(value),
  }),
};

/** What its signature covers, new. */
export function tagSignedMessage(value: Unsigned<Tag>): Uint8Array {
  return signedMessageOf(bodyLength, (writer) => {
    writeBody(writer, value);
  });
}

/** Signs as the controller. @param secretKey - 64 bytes, of the node named in `signedBy` */
export function signTag(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: Unsigned<Tag>,
): Tag {
  return { ...value, ...signMessage(provider, secretKey, tagSignedMessage(value)) };
}

/** Whether the network's controller signed it. @param publicKey - 64 bytes, the controller's */
export function verifyTag(provider: CryptoProvider, publicKey: Uint8Array, value: Tag): boolean {
  return verifySigned(provider, publicKey, tagSignedMessage(value), value);
}

function writeBody(writer: ByteWriter, value: Unsigned<Tag>): void {
  writer.u64(value.networkId);
  writer.u64(value.timestamp);
  writer.u32(value.id);
  writer.u32(value.value);
  writer.u40(value.issuedTo);
  writer.u40(value.signedBy);
}
