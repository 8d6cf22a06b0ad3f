/**
 * FRAME (0x06): an Ethernet frame between two members, whose MACs follow from their addresses (vl1 3.14, vl2 3.1).
 *
 *     network ID 8   EtherType 2   payload of the frame, to the end
 */
import { toHex } from '../../base/bytes.ts';
import { formatU64, type NetworkId } from '../../base/ids.ts';
import { etherTypeName } from '../ethernet/ethernet.ts';
import type { VerbCodec } from './verb.ts';

/** A frame from the sender's own MAC to the receiver's. */
export interface Frame {
  readonly networkId: NetworkId;
  /** 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6, … */
  readonly etherType: number;
  /** What follows the Ethernet header; borrowed from the packet. */
  readonly data: Uint8Array;
}

/** FRAME's codec. */
export const frame: VerbCodec<Frame> = {
  name: 'FRAME',
  verb: 0x06,
  dropReasons: ['truncated'],
  layout: [
    { name: 'networkId', size: 8 },
    { name: 'etherType', size: 2 },
    { name: 'data', size: 'to the end', note: 'without an Ethernet header' },
  ],
  read: (reader) => ({
    networkId: reader.u64() as NetworkId,
    etherType: reader.u16(),
    data: reader.rest(),
  }),
  write(writer, { networkId, etherType, data }) {
    writer.u64(networkId);
    writer.u16(etherType);
    writer.put(data);
  },
  describe: ({ networkId, etherType, data }) =>
    `${formatU64(networkId)} ${etherTypeName(etherType)} ${data.length} bytes`,
  toJson: ({ networkId, etherType, data }) => ({
    networkId: formatU64(networkId),
    etherType,
    data: toHex(data),
  }),
};
