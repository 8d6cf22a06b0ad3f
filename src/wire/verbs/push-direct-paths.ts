/**
 * PUSH_DIRECT_PATHS (0x10): where the sender may be reached without a relay (vl1 3.11).
 *
 *     count 2, then count times:
 *     flags 1   extension length 2   extension   type 1   address length 1   address
 *
 * An address of type 4 is IP (4) and port (2), of type 6 IP (16) and port (2); others are skipped by their length.
 */
import { toHex } from '../../base/bytes.ts';
import { inetAddress, type IpEndpoint } from '../inet-address.ts';
import { itemsMax, type VerbCodec } from './verb.ts';

/** The shortest record is five bytes long, so that no packet holds more. */
const pathsMax = itemsMax(5);

/** Bits of {@link PushedPath.flags}. */
export const pushedPathFlags = {
  /** The path is to be forgotten; the reference skips such records. */
  forget: 0x01,
  /** Cluster redirect: use this path at once, before others. */
  redirect: 0x02,
} as const;

/** One record, as it is on the wire; {@link pushedAddress} tells the address in it. */
export interface PushedPath {
  /** {@link pushedPathFlags}. */
  readonly flags: number;
  /** Ignored, kept. Borrowed from the packet. */
  readonly extension: Uint8Array;
  /** 4, 6, or unknown. */
  readonly type: number;
  /** 0 to 255 bytes, as many as were declared. Borrowed from the packet. */
  readonly bytes: Uint8Array;
}

/** A list of addresses. */
export interface PushDirectPaths {
  readonly paths: readonly PushedPath[];
}

/** PUSH_DIRECT_PATHS's codec. */
export const pushDirectPaths: VerbCodec<PushDirectPaths> = {
  name: 'PUSH_DIRECT_PATHS',
  verb: 0x10,
  dropReasons: ['truncated', 'too-many'],
  layout: [
    { name: 'count', size: 2 },
    { name: 'flags', size: '1, per path', note: '0x01 forget, 0x02 redirect' },
    { name: 'extensionLength', size: '2, per path' },
    { name: 'extension', size: 'extensionLength, per path', note: 'ignored' },
    { name: 'type', size: '1, per path', note: '4 or 6; others are skipped' },
    { name: 'length', size: '1, per path', note: '6 or 18' },
    { name: 'address', size: 'length, per path', note: 'IP, then port (2)' },
  ],
  read(reader) {
    const count = reader.u16();
    if (count > pathsMax) reader.fail('too-many');
    const paths: PushedPath[] = [];
    while (paths.length < count && reader.failure === null) {
      const flags = reader.u8();
      const extension = reader.take(reader.u16());
      paths.push({ flags, extension, type: reader.u8(), bytes: reader.take(reader.u8()) });
    }
    return { paths };
  },
  write(writer, { paths }) {
    writer.u16(paths.length);
    for (const { flags, extension, type, bytes } of paths) {
      writer.u8(flags);
      writer.u16(extension.length);
      writer.put(extension);
      writer.u8(type);
      writer.u8(bytes.length);
      writer.put(bytes);
    }
  },
  describe: ({ paths }) => paths.map(describePath).join(' '),
  toJson: ({ paths }) => ({
    paths: paths.map((path) => {
      const address = pushedAddress(path);
      return {
        flags: path.flags,
        extension: toHex(path.extension),
        type: path.type,
        bytes: toHex(path.bytes),
        address: address && inetAddress.toJson(address),
      };
    }),
  }),
};

/**
 * The address in a record. What is declared longer than an address needs is accepted, as the reference does.
 *
 * @returns null for an unknown type, or too few bytes for its type
 */
export function pushedAddress({ type, bytes }: PushedPath): IpEndpoint | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === 4 && bytes.length >= 6)
    return { kind: 'ipv4', address: view.getUint32(0), port: view.getUint16(4) };
  if (type === 6 && bytes.length >= 18)
    return { kind: 'ipv6', address: bytes.subarray(0, 16), port: view.getUint16(16) };
  return null;
}

/** The record of an address, without an extension. */
export function pushedPath(address: IpEndpoint, flags = 0): PushedPath {
  const ipBytes = address.kind === 'ipv4' ? 4 : 16;
  const bytes = new Uint8Array(ipBytes + 2);
  const view = new DataView(bytes.buffer);
  if (address.kind === 'ipv4') view.setUint32(0, address.address);
  else bytes.set(address.address);
  view.setUint16(ipBytes, address.port);
  return { flags, extension: new Uint8Array(0), type: address.kind === 'ipv4' ? 4 : 6, bytes };
}

function describePath(path: PushedPath): string {
  const address = pushedAddress(path);
  const text = address ? inetAddress.describe(address) : `type ${path.type}`;
  return path.flags === 0 ? text : `${text} flags 0x${path.flags.toString(16)}`;
}
