/**
 * Members of a multicast group as they are named in OK(MULTICAST_GATHER) and OK(MULTICAST_FRAME) (vl2 3.4, 3.5).
 *
 *     total known 4   count 2   address 5 × count
 */
import { formatAddress, type Address } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';
import { itemsMax } from './verb.ts';

const addressesMax = itemsMax(5);

/** Some members of a group. */
export interface GatheredMembers {
  /** How many the sender knows, the asker among them; may be more than are named. */
  readonly totalKnown: number;
  readonly addresses: readonly Address[];
}

/** Their codec. */
export const gatheredMembers: Codec<GatheredMembers> = {
  name: 'gathered members',
  layout: [
    { name: 'totalKnown', size: 4 },
    { name: 'count', size: 2 },
    { name: 'addresses', size: '5 × count' },
  ],
  read(reader) {
    const totalKnown = reader.u32();
    const count = reader.u16();
    if (count > addressesMax) reader.fail('too-many');
    const addresses: Address[] = [];
    while (addresses.length < count && reader.failure === null)
      addresses.push(reader.u40() as Address);
    return { totalKnown, addresses };
  },
  write(writer, { totalKnown, addresses }) {
    writer.u32(totalKnown);
    writer.u16(addresses.length);
    for (const address of addresses) writer.u40(address);
  },
  describe: ({ totalKnown, addresses }) =>
    `${addresses.length} of ${totalKnown}: ${addresses.map(formatAddress).join(' ')}`,
  toJson: ({ totalKnown, addresses }) => ({
    totalKnown,
    addresses: addresses.map(formatAddress),
  }),
};
