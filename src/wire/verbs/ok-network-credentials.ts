/**
 * OK in reply to NETWORK_CREDENTIALS: which revocations a member of ours has put in force. Our own; the official service
 * neither sends it nor reads it.
 *
 *     network (8)   then for each revocation: id (4)
 */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';

/** The confirmation. */
export interface OkNetworkCredentials {
  readonly networkId: NetworkId;
  /** Ids of revocations, 32 bits each. */
  readonly revocations: readonly number[];
}

/** The codec of the body. */
export const okNetworkCredentials: Codec<OkNetworkCredentials> = {
  name: 'OK(NETWORK_CREDENTIALS)',
  layout: [
    { name: 'network', size: 8 },
    { name: 'revocations', size: '4 each, to the end', note: 'ids of those that are in force' },
  ],
  read(reader) {
    const networkId = reader.u64() as NetworkId;
    const revocations: number[] = [];
    while (reader.remaining >= 4) revocations.push(reader.u32());
    if (reader.remaining > 0) reader.fail('truncated');
    return { networkId, revocations };
  },
  write(writer, { networkId, revocations }) {
    writer.u64(networkId);
    for (const id of revocations) writer.u32(id);
  },
  describe: ({ networkId, revocations }) =>
    `${revocations.length} revocations of ${formatU64(networkId)} in force`,
  toJson: ({ networkId, revocations }) => ({ networkId: formatU64(networkId), revocations }),
};
