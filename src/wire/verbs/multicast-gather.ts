/**
 * MULTICAST_GATHER (0x0d): asks for members of a group; answered by OK(MULTICAST_GATHER), or not at all (vl2 3.4).
 *
 *     network ID 8   flags 1   MAC 6   ADI 4   limit 4   [certificate of membership if flags & 1]
 */
import { assert } from '../../base/errors.ts';
import { formatU64, type NetworkId } from '../../base/ids.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import type { VerbCodec } from './verb.ts';

/** Bits of {@link MulticastGather.flags}. */
export const multicastGatherFlags = { certificate: 0x01 } as const;

/** A question for members. */
export interface MulticastGather {
  readonly networkId: NetworkId;
  /** {@link multicastGatherFlags}; bit 0 is set exactly where there is a certificate. */
  readonly flags: number;
  readonly group: MulticastGroup;
  /** How many are wanted; 0 asks for none. */
  readonly limit: number;
  /** The asker's, so that the asked one may answer it. */
  readonly certificate: CertificateOfMembership | null;
}

/** MULTICAST_GATHER's codec. */
export const multicastGather: VerbCodec<MulticastGather> = {
  name: 'MULTICAST_GATHER',
  verb: 0x0d,
  dropReasons: ['truncated', 'bad-credential'],
  layout: [
    { name: 'networkId', size: 8 },
    { name: 'flags', size: 1, note: '0x01 certificate follows' },
    { name: 'mac', size: 6, note: 'of the group' },
    { name: 'adi', size: 4, note: 'of the group' },
    { name: 'limit', size: 4, note: 'members wanted' },
    { name: 'certificate', size: 'if flag 0x01', note: 'of membership' },
  ],
  read(reader) {
    const networkId = reader.u64() as NetworkId;
    const flags = reader.u8();
    return {
      networkId,
      flags,
      group: multicastGroup.read(reader),
      limit: reader.u32(),
      certificate:
        flags & multicastGatherFlags.certificate ? certificateOfMembership.read(reader) : null,
    };
  },
  write(writer, { networkId, flags, group, limit, certificate }) {
    const flagged = (flags & multicastGatherFlags.certificate) !== 0;
    assert(flagged === (certificate !== null), 'flag 0x01 says whether a certificate is there');
    writer.u64(networkId);
    writer.u8(flags);
    multicastGroup.write(writer, group);
    writer.u32(limit);
    if (certificate !== null) certificateOfMembership.write(writer, certificate);
  },
  describe: ({ networkId, group, limit, certificate }) =>
    `${formatU64(networkId)} ${multicastGroup.describe(group)} limit ${limit}` +
    (certificate === null ? '' : ' with certificate'),
  toJson: ({ networkId, flags, group, limit, certificate }) => ({
    networkId: formatU64(networkId),
    flags,
    group: multicastGroup.toJson(group),
    limit,
    certificate: certificate && certificateOfMembership.toJson(certificate),
  }),
};
