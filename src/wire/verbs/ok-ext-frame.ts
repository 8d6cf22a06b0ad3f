/**
 * The body of OK(EXT_FRAME): the network whose frame arrived (vl2 3.2).
 */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';

/** The answer to an EXT_FRAME that asked for one. */
export interface OkExtFrame {
  readonly networkId: NetworkId;
}

/** OK(EXT_FRAME)'s codec. */
export const okExtFrame: Codec<OkExtFrame> = {
  name: 'OK(EXT_FRAME)',
  layout: [{ name: 'networkId', size: 8 }],
  read: (reader) => ({ networkId: reader.u64() as NetworkId }),
  write(writer, { networkId }) {
    writer.u64(networkId);
  },
  describe: ({ networkId }) => formatU64(networkId),
  toJson: ({ networkId }) => ({ networkId: formatU64(networkId) }),
};
