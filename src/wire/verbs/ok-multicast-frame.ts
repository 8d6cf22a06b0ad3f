/**
 * The body of OK(MULTICAST_FRAME): further members of the group that a frame was sent to (vl2 3.5).
 *
 *     network ID 8   MAC 6   ADI 4   flags 1
 *     [certificate of membership if flags & 1]   [total known 4   count 2   address 5 × count   if flags & 2]
 */
import { assert } from '../../base/errors.ts';
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import { gatheredMembers, type GatheredMembers } from './gathered-members.ts';

/** Bits of {@link OkMulticastFrame.flags}: what follows them. */
export const okMulticastFrameFlags = { certificate: 0x01, members: 0x02 } as const;

/** The answer to a MULTICAST_FRAME that asked for members. */
export interface OkMulticastFrame {
  readonly networkId: NetworkId;
  readonly group: MulticastGroup;
  /** {@link okMulticastFrameFlags}; they say which of the next two are there. */
  readonly flags: number;
  readonly certificate: CertificateOfMembership | null;
  readonly members: GatheredMembers | null;
}

/** OK(MULTICAST_FRAME)'s codec. */
export const okMulticastFrame: Codec<OkMulticastFrame> = {
  name: 'OK(MULTICAST_FRAME)',
  layout: [
    { name: 'networkId', size: 8 },
    { name: 'mac', size: 6, note: 'of the group' },
    { name: 'adi', size: 4, note: 'of the group' },
    { name: 'flags', size: 1, note: '0x01 certificate follows, 0x02 members follow' },
    { name: 'certificate', size: 'if flag 0x01', note: 'of membership' },
    { name: 'members', size: '6 + 5 × count, if flag 0x02', note: 'as in OK(MULTICAST_GATHER)' },
  ],
  read(reader) {
    const networkId = reader.u64() as NetworkId;
    const group = multicastGroup.read(reader);
    const flags = reader.u8();
    return {
      networkId,
      group,
      flags,
      certificate:
        flags & okMulticastFrameFlags.certificate ? certificateOfMembership.read(reader) : null,
      members: flags & okMulticastFrameFlags.members ? gatheredMembers.read(reader) : null,
    };
  },
  write(writer, { networkId, group, flags, certificate, members }) {
    const follows = (certificate ? 1 : 0) | (members ? 2 : 0);
    assert((flags & 3) === follows, 'flags 0x01 and 0x02 say what follows');
    writer.u64(networkId);
    multicastGroup.write(writer, group);
    writer.u8(flags);
    if (certificate !== null) certificateOfMembership.write(writer, certificate);
    if (members !== null) gatheredMembers.write(writer, members);
  },
  describe: ({ networkId, group, members }) =>
    `${formatU64(networkId)} ${multicastGroup.describe(group)}` +
    (members ? ` ${gatheredMembers.describe(members)}` : ''),
  toJson: ({ networkId, group, flags, certificate, members }) => ({
    networkId: formatU64(networkId),
    group: multicastGroup.toJson(group),
    flags,
    certificate: certificate && certificateOfMembership.toJson(certificate),
    members: members && gatheredMembers.toJson(members),
  }),
};
