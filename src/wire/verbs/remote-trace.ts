/**
 * REMOTE_TRACE (0x15): dictionaries about what a node did, for whoever watches it (vl1 3.13). Safe to ignore.
 *
 *     1 to 10,000 bytes of dictionary text, then NUL; any number of times
 *
 * A last one without its NUL is not a trace: it stays unread, among the trailing bytes.
 */
import { latin1Text } from '../../base/bytes.ts';
import { escapeBytes } from '../../base/escape.ts';
import { itemsMax, type VerbCodec } from './verb.ts';

const tracesMax = itemsMax(1);

/** What a node reports. */
export interface RemoteTrace {
  /** Dictionary texts, without the NUL; borrowed from the packet. */
  readonly traces: readonly Uint8Array[];
}

/** REMOTE_TRACE's codec. */
export const remoteTrace: VerbCodec<RemoteTrace> = {
  name: 'REMOTE_TRACE',
  verb: 0x15,
  dropReasons: ['too-many'],
  layout: [{ name: 'traces', size: 'to the end', note: 'dictionary texts, each ended by NUL' }],
  read(reader) {
    const traces: Uint8Array[] = [];
    while (reader.remaining > 0) {
      const left = reader.bytes.subarray(reader.offset, reader.offset + reader.remaining);
      const length = left.indexOf(0);
      if (length < 0) break;
      if (traces.length === tracesMax) reader.fail('too-many');
      traces.push(reader.take(length));
      reader.skip(1);
    }
    return { traces };
  },
  write(writer, { traces }) {
    for (const trace of traces) {
      writer.put(trace);
      writer.u8(0);
    }
  },
  describe: ({ traces }) =>
    `${traces.length} traces${traces[0] === undefined ? '' : ` ${escapeBytes(traces[0], 64)}`}`,
  toJson: ({ traces }) => ({ traces: traces.map(latin1Text) }),
};
