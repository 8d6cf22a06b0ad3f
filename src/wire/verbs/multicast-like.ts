/**
 * MULTICAST_LIKE (0x09): groups that the sender subscribes to; valid for ten minutes, not answered (vl2 3.3).
 *
 *     network ID 8   MAC 6   ADI 4;   any number of times
 */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import { itemsMax, type VerbCodec } from './verb.ts';

const likeBytes = 18;
const likesMax = itemsMax(likeBytes);

/** A subscription. */
export interface Like {
  readonly networkId: NetworkId;
  readonly group: MulticastGroup;
}

/** Subscriptions, of one network or several. */
export interface MulticastLike {
  readonly likes: readonly Like[];
}

/** MULTICAST_LIKE's codec. */
export const multicastLike: VerbCodec<MulticastLike> = {
  name: 'MULTICAST_LIKE',
  verb: 0x09,
  dropReasons: ['too-many'],
  layout: [
    { name: 'networkId', size: '8, per group' },
    { name: 'mac', size: '6, per group' },
    { name: 'adi', size: '4, per group', note: "additional information: 0, or ARP's IPv4 address" },
  ],
  read(reader) {
    const likes: Like[] = [];
    while (reader.remaining >= likeBytes) {
      if (likes.length === likesMax) reader.fail('too-many');
      likes.push({ networkId: reader.u64() as NetworkId, group: multicastGroup.read(reader) });
    }
    return { likes };
  },
  write(writer, { likes }) {
    for (const { networkId, group } of likes) {
      writer.u64(networkId);
      multicastGroup.write(writer, group);
    }
  },
  describe: ({ likes }) =>
    likes
      .map(({ networkId, group }) => `${formatU64(networkId)} ${multicastGroup.describe(group)}`)
      .join(', '),
  toJson: ({ likes }) => ({
    likes: likes.map(({ networkId, group }) => ({
      networkId: formatU64(networkId),
      group: multicastGroup.toJson(group),
    })),
  }),
};
