/**
 * The body of OK(MULTICAST_GATHER): members of a group (vl2 3.4).
 *
 *     network ID 8   MAC 6   ADI 4   total known 4   count 2   address 5 × count
 */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import { gatheredMembers, type GatheredMembers } from './gathered-members.ts';

/** The answer to a MULTICAST_GATHER. */
export interface OkMulticastGather {
  readonly networkId: NetworkId;
  readonly group: MulticastGroup;
  readonly members: GatheredMembers;
}

/** OK(MULTICAST_GATHER)'s codec. */
export const okMulticastGather: Codec<OkMulticastGather> = {
  name: 'OK(MULTICAST_GATHER)',
  layout: [
    { name: 'networkId', size: 8 },
    { name: 'mac', size: 6, note: 'of the group' },
    { name: 'adi', size: 4, note: 'of the group' },
    ...gatheredMembers.layout,
  ],
  read: (reader) => ({
    networkId: reader.u64() as NetworkId,
    group: multicastGroup.read(reader),
    members: gatheredMembers.read(reader),
  }),
  write(writer, { networkId, group, members }) {
    writer.u64(networkId);
    multicastGroup.write(writer, group);
    gatheredMembers.write(writer, members);
  },
  describe: ({ networkId, group, members }) =>
    `${formatU64(networkId)} ${multicastGroup.describe(group)} ${gatheredMembers.describe(members)}`,
  toJson: ({ networkId, group, members }) => ({
    networkId: formatU64(networkId),
    group: multicastGroup.toJson(group),
    members: gatheredMembers.toJson(members),
  }),
};
