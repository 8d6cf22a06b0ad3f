/**
 * QOS_MEASUREMENT (0x13): how long packets were held before they were answered, between bonded peers (vl1 3.15).
 * Dropped without effect where there is no bond.
 *
 *     packet ID 8   holding time 2, ms;   1 to 140 times
 *
 * The one place where numbers are little-endian: the reference copies them out of memory as they are. On a big-endian
 * machine it would send the other order, which nothing on the wire tells.
 */
import { assert } from '../../base/errors.ts';
import { formatU64, type PacketId } from '../../base/ids.ts';
import type { VerbCodec } from './verb.ts';

/** More than 1400 bytes are refused by the reference. */
const recordsMax = 140;

/** How long one packet was held. */
export interface QosRecord {
  readonly packetId: PacketId;
  readonly heldMs: number;
}

/** Measurements of one path. */
export interface QosMeasurement {
  /** 1 to 140. */
  readonly records: readonly QosRecord[];
}

/** QOS_MEASUREMENT's codec. */
export const qosMeasurement: VerbCodec<QosMeasurement> = {
  name: 'QOS_MEASUREMENT',
  verb: 0x13,
  dropReasons: ['truncated', 'too-many'],
  layout: [
    {
      name: 'records',
      size: '10 each, to the end',
      note: '1 to 140 of packet ID (8, little-endian) and holding time (2, little-endian, ms)',
    },
  ],
  read(reader) {
    const records: QosRecord[] = [];
    do {
      if (records.length === recordsMax) reader.fail('too-many');
      const bytes = reader.take(10);
      if (bytes.length === 0) break;
      const view = new DataView(bytes.buffer, bytes.byteOffset, 10);
      records.push({
        packetId: view.getBigUint64(0, true) as PacketId,
        heldMs: view.getUint16(8, true),
      });
    } while (reader.remaining >= 10);
    return { records };
  },
  write(writer, { records }) {
    assert(records.length > 0 && records.length <= recordsMax, 'one to 140 measurements');
    const bytes = new Uint8Array(10);
    const view = new DataView(bytes.buffer);
    for (const { packetId, heldMs } of records) {
      view.setBigUint64(0, packetId, true);
      view.setUint16(8, heldMs, true);
      writer.put(bytes);
    }
  },
  describe: ({ records }) => `${records.length} packets`,
  toJson: ({ records }) => ({
    records: records.map(({ packetId, heldMs }) => ({ packetId: formatU64(packetId), heldMs })),
  }),
};
