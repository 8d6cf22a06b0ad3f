/**
 * USER_MESSAGE (0x14): bytes of an application, delivered to the receiver's application (vl1 3.12).
 *
 *     type ID 8   data to the end
 */
import { toHex } from '../../base/bytes.ts';
import { escapeBytes } from '../../base/escape.ts';
import { formatU64 } from '../../base/ids.ts';
import type { VerbCodec } from './verb.ts';

/** A message of an application. */
export interface UserMessage {
  /** What it is, between the two applications. Up to 65,535 reserved. */
  readonly typeId: bigint;
  /** Borrowed from the packet. */
  readonly data: Uint8Array;
}

/** USER_MESSAGE's codec. */
export const userMessage: VerbCodec<UserMessage> = {
  name: 'USER_MESSAGE',
  verb: 0x14,
  dropReasons: ['truncated'],
  layout: [
    { name: 'typeId', size: 8, note: 'up to 65535 reserved' },
    { name: 'data', size: 'to the end' },
  ],
  read: (reader) => ({ typeId: reader.u64(), data: reader.rest() }),
  write(writer, { typeId, data }) {
    writer.u64(typeId);
    writer.put(data);
  },
  describe: ({ typeId, data }) =>
    `type ${formatU64(typeId)} ${data.length} bytes ${escapeBytes(data, 32)}`,
  toJson: ({ typeId, data }) => ({ typeId: formatU64(typeId), data: toHex(data) }),
};
