/**
 * The body of OK(HELLO): who answers, where it saw the sender, and worlds newer than the sender's (vl1 3.6).
 *
 *     echoed timestamp 8   protocol 1   major 1   minor 1   revision 2
 *     network address 1, 7 or 19   length of the worlds 2   worlds, back to back
 *
 * What follows the revision may be missing, as in HELLO. A world that does not parse, or passes the end of the worlds'
 * length, spoils the packet: worlds are signed and written to disk, half of one is of no use.
 */
import { assert } from '../../base/errors.ts';
import { formatU64 } from '../../base/ids.ts';
import type { Codec, WireReader } from '../codec.ts';
import { inetAddress, type InetAddress } from '../inet-address.ts';
import { world, type World } from '../world.ts';
import {
  formatVersion,
  readVersion,
  versionLayout,
  writeVersion,
  type PeerVersion,
} from './peer-version.ts';

/** The answer to a HELLO. */
export interface OkHello {
  /** The HELLO's, ms since the epoch by the sender's clock: now less this is the round trip. */
  readonly timestamp: bigint;
  readonly version: PeerVersion;
  /** Where the HELLO came from: our outer address, if it came directly. */
  readonly seenAt: InetAddress | null;
  /** To be used only from a root or a moon's seed, and only after their signatures were checked. */
  readonly worlds: readonly World[] | null;
}

/** OK(HELLO)'s codec. */
export const okHello: Codec<OkHello> = {
  name: 'OK(HELLO)',
  layout: [
    { name: 'timestamp', size: 8, note: "the HELLO's, ms" },
    ...versionLayout,
    { name: 'seenAt', size: '1, 7 or 19', note: 'network address; may end before it' },
    { name: 'worldsLength', size: 2, note: 'bytes; may end before it' },
    { name: 'worlds', size: 'worldsLength', note: 'planet and moons, back to back' },
  ],
  read(reader) {
    return {
      timestamp: reader.u64(),
      version: readVersion(reader),
      seenAt: reader.remaining > 0 ? inetAddress.read(reader) : null,
      worlds: reader.remaining > 0 ? readWorlds(reader) : null,
    };
  },
  write(writer, { timestamp, version, seenAt, worlds }) {
    writer.u64(timestamp);
    writeVersion(writer, version);
    assert(worlds === null || seenAt !== null, 'worlds follow an address');
    if (seenAt !== null) inetAddress.write(writer, seenAt);
    if (worlds === null) return;
    const lengthAt = writer.offset;
    writer.u16(0);
    for (const each of worlds) world.write(writer, each);
    const length = writer.offset - lengthAt - 2;
    assert(length <= 0xffff, 'worlds fit a packet');
    writer.bytes[lengthAt] = length >> 8;
    writer.bytes[lengthAt + 1] = length;
  },
  describe: ({ version, seenAt, worlds }) =>
    formatVersion(version) +
    (seenAt === null ? '' : ` sees ${inetAddress.describe(seenAt)}`) +
    (worlds ?? []).map((each) => `, ${world.describe(each)}`).join(''),
  toJson: ({ timestamp, version, seenAt, worlds }) => ({
    timestamp: formatU64(timestamp),
    version: { ...version },
    seenAt: seenAt && inetAddress.toJson(seenAt),
    worlds: worlds?.map((each) => world.toJson(each)) ?? null,
  }),
};

function readWorlds(reader: WireReader): World[] {
  const length = reader.u16();
  if (length > reader.remaining) reader.fail('truncated');
  const end = reader.offset + length;
  const worlds: World[] = [];
  while (reader.failure === null && reader.offset < end) worlds.push(world.read(reader));
  if (reader.failure === null && reader.offset !== end) reader.fail('bad-world');
  return worlds;
}
