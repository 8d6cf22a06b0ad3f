/**
 * What a node remembers of another one, in `peers.d/<10 hex>.peer` of its home directory: who it is, what it speaks, and
 * where it was last.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | layout: 2 |
 * | 1 | 71 | identity, without its secret key |
 * | 72 | 2 | protocol |
 * | 74 | 6 | major, minor and revision of the software, 2 bytes each; all four 0: not known |
 * | 80 | 2 | number of addresses, at most 64 |
 * | 82 | | the addresses |
 *
 * It is no more than a hint: nothing in it is signed, and its addresses are only where to ask. Source: vl1.md 4.11,
 * management.md 4; `captures/home/*.peer.hex`.
 */
import type { ByteWriter } from '../base/bytes.ts';
import { formatAddress } from '../base/ids.ts';
import type { Codec, Json, WireReader } from './codec.ts';
import { identity, identityLength, type Identity } from './identity.ts';
import { inetAddress, inetAddressLength, type InetAddress } from './inet-address.ts';
import { formatVersion, type PeerVersion } from './verbs/peer-version.ts';

/** A remembered node. Bytes in it are borrowed from the buffer that was read. */
export interface PeerRecord {
  readonly identity: Identity;
  /** Null: it has not said. */
  readonly version: PeerVersion | null;
  readonly addresses: readonly InetAddress[];
}

/** The most addresses of a record: as many as a peer has paths. */
export const peerRecordAddressesMax = 64;

const layoutNumber = 2;

/** The codec; `bad-value` for another layout, `too-many` for too many addresses. */
export const peerRecord: Codec<PeerRecord> = {
  name: 'peer record',
  layout: [
    { name: 'layout', size: 1, note: '2' },
    { name: 'identity', size: identityLength },
    { name: 'protocol', size: 2, note: '12; 0 where the version is not known' },
    { name: 'major', size: 2, note: 'of the software' },
    { name: 'minor', size: 2 },
    { name: 'revision', size: 2 },
    { name: 'addressCount', size: 2, note: 'at most 64' },
    { name: 'addresses', size: 'each 1, 7 or 19', note: 'InetAddress: where it was last' },
  ],
  read(reader: WireReader): PeerRecord {
    if (reader.u8() !== layoutNumber) reader.fail('bad-value');
    const who = identity.read(reader);
    const version = readWideVersion(reader);
    const count = reader.u16();
    if (count > peerRecordAddressesMax) reader.fail('too-many');
    const addresses: InetAddress[] = [];
    for (let i = 0; i < count && reader.failure === null; i++)
      addresses.push(inetAddress.read(reader));
    return { identity: who, version, addresses };
  },
  write(writer: ByteWriter, value: PeerRecord): void {
    writer.u8(layoutNumber);
    identity.write(writer, value.identity);
    const { protocol, major, minor, revision } = value.version ?? unknownVersion;
    for (const number of [protocol, major, minor, revision]) writer.u16(number);
    writer.u16(value.addresses.length);
    for (const address of value.addresses) inetAddress.write(writer, address);
  },
  describe(value: PeerRecord): string {
    const version = value.version === null ? 'of unknown version' : formatVersion(value.version);
    const addresses = value.addresses.map((address) => inetAddress.describe(address));
    return `${formatAddress(value.identity.address)} ${version}, last at ${addresses.join(' ') || 'no address'}`;
  },
  toJson(value: PeerRecord): Json {
    return {
      identity: identity.toJson(value.identity),
      version: value.version === null ? null : { ...value.version },
      addresses: value.addresses.map((address) => inetAddress.toJson(address)),
    };
  },
};

/** How many bytes a record takes. */
export function peerRecordLength(value: PeerRecord): number {
  const fixed = 1 + identityLength + 8 + 2;
  return value.addresses.reduce((sum, address) => sum + inetAddressLength(address), fixed);
}

/** The file of a node in the home directory. */
export function peerFile({ address }: Identity): string {
  return `peers.d/${formatAddress(address)}.peer`;
}

const unknownVersion: PeerVersion = { protocol: 0, major: 0, minor: 0, revision: 0 };

/** Wider than in packets. */
function readWideVersion(reader: WireReader): PeerVersion | null {
  const version: PeerVersion = {
    protocol: reader.u16(),
    major: reader.u16(),
    minor: reader.u16(),
    revision: reader.u16(),
  };
  const isKnown = Object.values(version).some((number) => number !== 0);
  return isKnown ? version : null;
}
