/**
 * EXT_FRAME (0x07): an Ethernet frame with both MACs: to or from a bridge, or a copy that a rule made (vl2 3.2).
 *
 *     network ID 8   flags 1   [certificate of membership if flags & 1]
 *     destination MAC 6   source MAC 6   EtherType 2   payload of the frame, to the end
 */
import { toHex } from '../../base/bytes.ts';
import { assert } from '../../base/errors.ts';
import { formatMac, formatU64, type Mac, type NetworkId } from '../../base/ids.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import { etherTypeName } from '../ethernet/ethernet.ts';
import type { VerbCodec } from './verb.ts';

/** Bits of {@link ExtFrame.flags} that change what is done; TEE, WATCH and REDIRECT copies carry others (vl2 3.2). */
export const extFrameFlags = {
  /** A certificate stands before the MACs. Deprecated. */
  certificate: 0x01,
  /** The sender wants an OK. */
  acknowledge: 0x10,
} as const;

/** A frame between any two MACs. */
export interface ExtFrame {
  readonly networkId: NetworkId;
  /** {@link extFrameFlags}; bit 0 is set exactly where there is a certificate. */
  readonly flags: number;
  readonly certificate: CertificateOfMembership | null;
  readonly destination: Mac;
  readonly source: Mac;
  readonly etherType: number;
  /** What follows the Ethernet header; borrowed from the packet. */
  readonly data: Uint8Array;
}

/** EXT_FRAME's codec. */
export const extFrame: VerbCodec<ExtFrame> = {
  name: 'EXT_FRAME',
  verb: 0x07,
  dropReasons: ['truncated', 'bad-credential'],
  layout: [
    { name: 'networkId', size: 8 },
    { name: 'flags', size: 1, note: '0x01 certificate follows, 0x10 acknowledge' },
    { name: 'certificate', size: 'if flag 0x01', note: 'of membership; deprecated' },
    { name: 'destination', size: 6, note: 'MAC' },
    { name: 'source', size: 6, note: 'MAC' },
    { name: 'etherType', size: 2 },
    { name: 'data', size: 'to the end', note: 'without an Ethernet header' },
  ],
  read(reader) {
    const networkId = reader.u64() as NetworkId;
    const flags = reader.u8();
    return {
      networkId,
      flags,
      certificate: flags & extFrameFlags.certificate ? certificateOfMembership.read(reader) : null,
      destination: reader.u48() as Mac,
      source: reader.u48() as Mac,
      etherType: reader.u16(),
      data: reader.rest(),
    };
  },
  write(writer, value) {
    const flagged = (value.flags & extFrameFlags.certificate) !== 0;
    assert(
      flagged === (value.certificate !== null),
      'flag 0x01 says whether a certificate is there',
    );
    writer.u64(value.networkId);
    writer.u8(value.flags);
    if (value.certificate !== null) certificateOfMembership.write(writer, value.certificate);
    writer.u48(value.destination);
    writer.u48(value.source);
    writer.u16(value.etherType);
    writer.put(value.data);
  },
  describe: (value) =>
    `${formatU64(value.networkId)} ${formatMac(value.source)} > ${formatMac(value.destination)} ` +
    `${etherTypeName(value.etherType)} ${value.data.length} bytes` +
    (value.flags === 0 ? '' : ` flags 0x${value.flags.toString(16)}`),
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    flags: value.flags,
    certificate: value.certificate && certificateOfMembership.toJson(value.certificate),
    destination: formatMac(value.destination),
    source: formatMac(value.source),
    etherType: value.etherType,
    data: toHex(value.data),
  }),
};
