/**
 * ACK (0x12): assigned, sent and parsed by nobody; it does not even count as received (vl1 3.4). Its bytes are kept.
 */
import { toHex } from '../../base/bytes.ts';
import type { VerbCodec } from './verb.ts';

/** Bytes without a known meaning. */
export interface Ack {
  /** Borrowed from the packet. */
  readonly data: Uint8Array;
}

/** ACK's codec. */
export const ack: VerbCodec<Ack> = {
  name: 'ACK',
  verb: 0x12,
  dropReasons: [],
  layout: [{ name: 'data', size: 'to the end', note: 'without a meaning' }],
  read: (reader) => ({ data: reader.rest() }),
  write(writer, { data }) {
    writer.put(data);
  },
  describe: ({ data }) => `${data.length} bytes`,
  toJson: ({ data }) => ({ data: toHex(data) }),
};
