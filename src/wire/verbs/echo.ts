/**
 * ECHO (0x08): any bytes, returned by the receiver in an OK (vl1 3.10). The reference sends none, as a keepalive.
 *
 * Not every OK in reply to an ECHO is one: who accepts a pushed NETWORK_CONFIG acknowledges it with an OK that names
 * ECHO, whose 16 bytes are `network ID (8) update ID (8)` (vl2 6.5; capture frame 48).
 */
import { toHex } from '../../base/bytes.ts';
import { escapeBytes } from '../../base/escape.ts';
import type { NetworkId } from '../../base/ids.ts';
import type { WireReader } from '../codec.ts';
import type { VerbCodec } from './verb.ts';

/** Bytes to be sent back. */
export interface Echo {
  /** Borrowed from the packet. */
  readonly data: Uint8Array;
}

/** ECHO's codec. */
export const echo: VerbCodec<Echo> = {
  name: 'ECHO',
  verb: 0x08,
  dropReasons: [],
  layout: [{ name: 'data', size: 'to the end', note: 'returned as it is; empty as a keepalive' }],
  read: (reader: WireReader) => ({ data: reader.rest() }),
  write(writer, { data }) {
    writer.put(data);
  },
  describe: ({ data }) =>
    data.length === 0 ? 'empty' : `${data.length} bytes ${escapeBytes(data, 32)}`,
  toJson: ({ data }) => ({ data: toHex(data) }),
};

/** What a member says when it has taken a configuration that was pushed. */
export interface ConfigAcknowledgement {
  readonly networkId: NetworkId;
  readonly updateId: bigint;
}

/** The acknowledgement in the data of an OK that names ECHO; null where it is not 16 bytes long. */
export function configAcknowledgement({ data }: Echo): ConfigAcknowledgement | null {
  if (data.length !== 16) return null;
  const view = new DataView(data.buffer, data.byteOffset, 16);
  return { networkId: view.getBigUint64(0) as NetworkId, updateId: view.getBigUint64(8) };
}

/** The data of the OK that acknowledges a configuration. */
export function acknowledgeConfig({ networkId, updateId }: ConfigAcknowledgement): Echo {
  const data = new Uint8Array(16);
  const view = new DataView(data.buffer);
  view.setBigUint64(0, networkId);
  view.setBigUint64(8, updateId);
  return { data };
}
