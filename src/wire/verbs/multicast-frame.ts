/**
 * MULTICAST_FRAME (0x0e): an Ethernet frame to a multicast group (vl2 3.5).
 *
 *     network ID 8   flags 1   [certificate of membership if flags & 1]   [gather limit 4 if flags & 2]
 *     [source MAC 6 if flags & 4]   destination MAC 6   ADI 4   EtherType 2   payload of the frame, to the end
 */
import { toHex } from '../../base/bytes.ts';
import { assert } from '../../base/errors.ts';
import { formatMac, formatU64, type Mac, type NetworkId } from '../../base/ids.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import { etherTypeName } from '../ethernet/ethernet.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import type { VerbCodec } from './verb.ts';

/** Bits of {@link MulticastFrame.flags}. */
export const multicastFrameFlags = {
  /** A certificate follows. Deprecated. */
  certificate: 0x01,
  gatherLimit: 0x02,
  source: 0x04,
  /** The receiver, a replicator, is to send the frame on. */
  replicate: 0x08,
} as const;

/** A frame to a group. */
export interface MulticastFrame {
  readonly networkId: NetworkId;
  /** {@link multicastFrameFlags}; bits 0 to 2 are set exactly where the next three are there. */
  readonly flags: number;
  readonly certificate: CertificateOfMembership | null;
  /** How many members the sender would like to be told in an OK. */
  readonly gatherLimit: number | null;
  /** Null where it is the sender's own. */
  readonly source: Mac | null;
  /** Its MAC is the frame's destination. */
  readonly group: MulticastGroup;
  readonly etherType: number;
  /** What follows the Ethernet header; borrowed from the packet. */
  readonly data: Uint8Array;
}

/** MULTICAST_FRAME's codec. */
export const multicastFrame: VerbCodec<MulticastFrame> = {
  name: 'MULTICAST_FRAME',
  verb: 0x0e,
  dropReasons: ['truncated', 'bad-credential'],
  layout: [
    { name: 'networkId', size: 8 },
    {
      name: 'flags',
      size: 1,
      note: '0x01 certificate, 0x02 gather limit, 0x04 source follow; 0x08 replicate',
    },
    { name: 'certificate', size: 'if flag 0x01', note: 'of membership; deprecated' },
    { name: 'gatherLimit', size: '4, if flag 0x02', note: 'members wanted in an OK' },
    { name: 'source', size: '6, if flag 0x04', note: "MAC; else the sender's own" },
    { name: 'mac', size: 6, note: 'of the group: the destination' },
    { name: 'adi', size: 4, note: 'of the group' },
    { name: 'etherType', size: 2 },
    { name: 'data', size: 'to the end', note: 'without an Ethernet header' },
  ],
  read(reader) {
    const networkId = reader.u64() as NetworkId;
    const flags = reader.u8();
    return {
      networkId,
      flags,
      certificate:
        flags & multicastFrameFlags.certificate ? certificateOfMembership.read(reader) : null,
      gatherLimit: flags & multicastFrameFlags.gatherLimit ? reader.u32() : null,
      source: flags & multicastFrameFlags.source ? (reader.u48() as Mac) : null,
      group: multicastGroup.read(reader),
      etherType: reader.u16(),
      data: reader.rest(),
    };
  },
  write(writer, value) {
    assert((value.flags & 7) === followingFlags(value), 'flags 0x01, 0x02, 0x04 say what follows');
    writer.u64(value.networkId);
    writer.u8(value.flags);
    if (value.certificate !== null) certificateOfMembership.write(writer, value.certificate);
    if (value.gatherLimit !== null) writer.u32(value.gatherLimit);
    if (value.source !== null) writer.u48(value.source);
    multicastGroup.write(writer, value.group);
    writer.u16(value.etherType);
    writer.put(value.data);
  },
  describe: (value) =>
    `${formatU64(value.networkId)}${value.source === null ? '' : ` ${formatMac(value.source)}`} > ` +
    `${multicastGroup.describe(value.group)} ${etherTypeName(value.etherType)} ${value.data.length} bytes` +
    (value.gatherLimit === null ? '' : ` gather ${value.gatherLimit}`) +
    (value.flags & multicastFrameFlags.replicate ? ' replicate' : ''),
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    flags: value.flags,
    certificate: value.certificate && certificateOfMembership.toJson(value.certificate),
    gatherLimit: value.gatherLimit,
    source: value.source === null ? null : formatMac(value.source),
    group: multicastGroup.toJson(value.group),
    etherType: value.etherType,
    data: toHex(value.data),
  }),
};

/** The flags that what is there asks for. */
function followingFlags(value: MulticastFrame): number {
  return (
    (value.certificate === null ? 0 : multicastFrameFlags.certificate) |
    (value.gatherLimit === null ? 0 : multicastFrameFlags.gatherLimit) |
    (value.source === null ? 0 : multicastFrameFlags.source)
  );
}
