/**
 * A certificate of ownership: addresses that a controller says are a member's own.
 *
 *     network (8)  timestamp (8)  flags (8)  id (4)
 *     count (2)    things: type (1), value (16, zero padded) each; at most 16
 *     issued to (5)  signed by (5)  signature block  future fields
 *
 * Source: vl2 5.3; `captures` frame 90, `credentials-refused.json`. The controller of 1.14.1 issues one, with id 1, that
 * holds every static IP address and no MAC.
 */
import { equalBytes, toHex, type ByteWriter } from '../../base/bytes.ts';
import {
  formatAddress,
  formatMac,
  formatU64,
  type Address,
  type Mac,
  type NetworkId,
} from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Codec, WireReader } from '../codec.ts';
import { formatIpv4, formatIpv6 } from '../ip-address.ts';
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

/** Something that can be owned. */
export interface OwnedThing {
  /** 1 MAC, 2 IPv4, 3 IPv6; others are kept and never match. */
  readonly type: number;
  /** 16 bytes; the address is at the beginning. */
  readonly value: Uint8Array;
}

/** A certificate of ownership. */
export interface CertificateOfOwnership extends Signed {
  readonly networkId: NetworkId;
  /** When it was issued, by the controller's clock, ms. */
  readonly timestamp: bigint;
  /** None is defined. */
  readonly flags: bigint;
  /** 32 bits. */
  readonly id: number;
  /** At most {@link ownedThingsMax}. */
  readonly things: readonly OwnedThing[];
  readonly issuedTo: Address;
  readonly signedBy: Address;
}

/** The most things in one certificate. */
export const ownedThingsMax = 16;

const valueLength = 16;
const addressLengths: Readonly<Record<number, number>> = { 1: 6, 2: 4, 3: 16 };
const bodyLengthMax = 8 + 8 + 8 + 4 + 2 + ownedThingsMax * (1 + valueLength) + 5 + 5;

/** The codec. */
export const certificateOfOwnership: Codec<CertificateOfOwnership> = {
  name: 'certificate of ownership',
  layout: [
    { name: 'network', size: 8 },
    { name: 'timestamp', size: 8, note: 'ms, controller’s clock' },
    { name: 'flags', size: 8, note: '0' },
    { name: 'id', size: 4 },
    { name: 'count', size: 2, note: 'at most 16' },
    { name: 'things', size: '17 × count', note: 'type 1 MAC, 2 IPv4, 3 IPv6; 16 bytes' },
    { name: 'issued to', size: 5 },
    { name: 'signed by', size: 5, note: 'the controller' },
    ...signedLayout,
  ],
  read: (reader) => ({
    networkId: reader.u64() as NetworkId,
    timestamp: reader.u64(),
    flags: reader.u64(),
    id: reader.u32(),
    things: readThings(reader),
    issuedTo: reader.u40() as Address,
    signedBy: reader.u40() as Address,
    ...readSigned(reader),
  }),
  write: (writer, value) => {
    writeBody(writer, value);
    writeSigned(writer, value);
  },
  describe: ({ id, things, issuedTo, networkId, timestamp }) =>
    `ownership ${id} of ${things.map(describeThing).join(' ') || 'nothing'} by ` +
    `${formatAddress(issuedTo)} on ${formatU64(networkId)} at ${timestamp}`,
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    timestamp: formatU64(value.timestamp),
    flags: formatU64(value.flags),
    id: value.id,
    things: value.things.map((thing) => ({ type: thing.type, value: toHex(thing.value) })),
    issuedTo: formatAddress(value.issuedTo),
    signedBy: formatAddress(value.signedBy),
    ...signedToJson(value),
  }),
};

/** A MAC, to own or to look for. */
export function macThing(mac: Mac): OwnedThing {
  return ownedThing(1, (view) => {
    view.setUint16(0, Math.floor(mac / 0x1_0000_0000));
    view.setUint32(2, mac % 0x1_0000_0000);
  });
}

/** An IPv4 address, to own or to look for. @param address - 0 to 2³² − 1 */
export function ipv4Thing(address: number): OwnedThing {
  return ownedThing(2, (view) => {
    view.setUint32(0, address);
  });
}

/** An IPv6 address, to own or to look for. @param address - 16 bytes, kept */
export function ipv6Thing(address: Uint8Array): OwnedThing {
  return { type: 3, value: address };
}

/** Whether the certificate names the thing; what pads a shorter address is not compared. */
export function owns(certificate: CertificateOfOwnership, thing: OwnedThing): boolean {
  const length = addressLengths[thing.type] ?? 0;
  const wanted = thing.value.subarray(0, length);
  return certificate.things.some(
    ({ type, value }) =>
      length > 0 && type === thing.type && equalBytes(value.subarray(0, length), wanted),
  );
}

/** What its signature covers, new. */
export function certificateOfOwnershipSignedMessage(
  value: Unsigned<CertificateOfOwnership>,
): Uint8Array {
  return signedMessageOf(bodyLengthMax, (writer) => {
    writeBody(writer, value);
  });
}

/** Signs as the controller. @param secretKey - 64 bytes, of the node named in `signedBy` */
export function signCertificateOfOwnership(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: Unsigned<CertificateOfOwnership>,
): CertificateOfOwnership {
  const message = certificateOfOwnershipSignedMessage(value);
  return { ...value, ...signMessage(provider, secretKey, message) };
}

/** Whether the network's controller signed it. @param publicKey - 64 bytes, the controller's */
export function verifyCertificateOfOwnership(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  value: CertificateOfOwnership,
): boolean {
  const message = certificateOfOwnershipSignedMessage(value);
  return verifySigned(provider, publicKey, message, value);
}

function readThings(reader: WireReader): OwnedThing[] {
  const count = reader.u16();
  if (count > ownedThingsMax) reader.fail('bad-credential');
  const things: OwnedThing[] = [];
  for (let i = 0; i < count && reader.failure === null; i++)
    things.push({ type: reader.u8(), value: reader.take(valueLength) });
  return things;
}

function writeBody(writer: ByteWriter, value: Unsigned<CertificateOfOwnership>): void {
  writer.u64(value.networkId);
  writer.u64(value.timestamp);
  writer.u64(value.flags);
  writer.u32(value.id);
  writer.u16(value.things.length);
  for (const thing of value.things) {
    writer.u8(thing.type);
    writer.put(thing.value);
  }
  writer.u40(value.issuedTo);
  writer.u40(value.signedBy);
}

function ownedThing(type: number, fill: (view: DataView) => void): OwnedThing {
  const value = new Uint8Array(valueLength);
  fill(new DataView(value.buffer));
  return { type, value };
}

function describeThing({ type, value }: OwnedThing): string {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  switch (type) {
    case 1:
      return formatMac((view.getUint16(0) * 0x1_0000_0000 + view.getUint32(2)) as Mac);
    case 2:
      return formatIpv4(view.getUint32(0));
    case 3:
      return formatIpv6(value);
    default:
      return `type ${type} ${toHex(value)}`;
  }
}
