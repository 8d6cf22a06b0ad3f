/**
 * RENDEZVOUS (0x05): a root tells two nodes where the other one is, so that both open their NATs (vl1 3.9, 4.6).
 *
 *     flags 1 (0)   address of the other node 5   port 2   length 1 (4 or 16)   IP 4 or 16
 *
 * Not the usual form of a network address: the port comes first, and a length stands for the family.
 */
import { formatAddress, type Address } from '../../base/ids.ts';
import type { WireReader } from '../codec.ts';
import { inetAddress, type IpEndpoint } from '../inet-address.ts';
import type { VerbCodec } from './verb.ts';

/** Where a node is, as the root sees it. */
export interface Rendezvous {
  /** 0 from the reference; kept. */
  readonly flags: number;
  /** The node to contact. */
  readonly address: Address;
  /** Where. Port 0 is read, and is not to be used. */
  readonly endpoint: IpEndpoint;
}

/** RENDEZVOUS's codec. */
export const rendezvous: VerbCodec<Rendezvous> = {
  name: 'RENDEZVOUS',
  verb: 0x05,
  dropReasons: ['truncated', 'bad-address-family'],
  layout: [
    { name: 'flags', size: 1, note: '0' },
    { name: 'address', size: 5, note: 'the node to contact' },
    { name: 'port', size: 2, note: 'UDP' },
    { name: 'length', size: 1, note: '4 or 16' },
    { name: 'ip', size: '4 or 16' },
  ],
  read(reader) {
    return {
      flags: reader.u8(),
      address: reader.u40() as Address,
      endpoint: readEndpoint(reader),
    };
  },
  write(writer, { flags, address, endpoint }) {
    writer.u8(flags);
    writer.u40(address);
    writer.u16(endpoint.port);
    if (endpoint.kind === 'ipv4') {
      writer.u8(4);
      writer.u32(endpoint.address);
    } else {
      writer.u8(16);
      writer.put(endpoint.address);
    }
  },
  describe: ({ flags, address, endpoint }) =>
    `${formatAddress(address)} at ${inetAddress.describe(endpoint)}${flags === 0 ? '' : ` flags 0x${flags.toString(16)}`}`,
  toJson: ({ flags, address, endpoint }) => ({
    flags,
    address: formatAddress(address),
    endpoint: inetAddress.toJson(endpoint),
  }),
};

function readEndpoint(reader: WireReader): IpEndpoint {
  const port = reader.u16();
  const length = reader.u8();
  if (length === 4) return { kind: 'ipv4', address: reader.u32(), port };
  if (length !== 16) reader.fail('bad-address-family');
  return { kind: 'ipv6', address: reader.take(16), port };
}
