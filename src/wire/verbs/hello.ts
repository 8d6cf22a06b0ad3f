/**
 * HELLO (0x01): a node introduces itself (vl1 3.5). The payload after its encrypted tail was decrypted (vl1 2.10).
 *
 *     protocol 1   major 1   minor 1   revision 2   timestamp 8   identity 71
 *     network address sent to 1, 7 or 19   planet ID 8   planet timestamp 8
 *     then encrypted on the wire: count 2, count × { type 1   world ID 8   world timestamp 8 }
 *
 * Everything after the identity may be missing in old peers: the three parts that then follow are null from the first
 * missing one on.
 */
import { assert } from '../../base/errors.ts';
import { formatU64 } from '../../base/ids.ts';
import type { WireReader } from '../codec.ts';
import { identity, type Identity } from '../identity.ts';
import { inetAddress, type InetAddress } from '../inet-address.ts';
import { itemsMax, type VerbCodec } from './verb.ts';
import {
  formatVersion,
  readVersion,
  versionLayout,
  writeVersion,
  type PeerVersion,
} from './peer-version.ts';

const worldBytes = 17;
const worldsMax = itemsMax(worldBytes);

/** The type of a moon in {@link WorldRevision}. */
export const moonType = 127;

/** Which revision of a world a node holds. */
export interface WorldRevision {
  readonly id: bigint;
  /** Milliseconds since the epoch; 0 for a moon that is wanted and not held. */
  readonly timestamp: bigint;
}

/** A world that is neither the planet, with its type: 127 for a moon; others are unknown, and kept. */
export interface TypedWorldRevision extends WorldRevision {
  readonly type: number;
}

/** What a node says of itself. */
export interface Hello {
  readonly version: PeerVersion;
  /** The sender's clock, ms since the epoch; sent back in the OK. */
  readonly timestamp: bigint;
  readonly identity: Identity;
  /** Where the packet was sent to, which tells the receiver its outer address; nil when relayed. */
  readonly sentTo: InetAddress | null;
  readonly planet: WorldRevision | null;
  /** Moons that the sender holds or wants. */
  readonly moons: readonly TypedWorldRevision[] | null;
}

/** HELLO's codec. */
export const hello: VerbCodec<Hello> = {
  name: 'HELLO',
  verb: 0x01,
  dropReasons: [
    'truncated',
    'unknown-identity-type',
    'bad-identity',
    'bad-address-family',
    'too-many',
  ],
  layout: [
    ...versionLayout,
    { name: 'timestamp', size: 8, note: "sender's clock, ms" },
    { name: 'identity', size: 71 },
    { name: 'sentTo', size: '1, 7 or 19', note: 'network address; may end before it' },
    { name: 'planetId', size: 8, note: 'may end before it' },
    { name: 'planetTimestamp', size: 8, note: 'ms' },
    { name: 'count', size: 2, note: 'may end before it; from here on encrypted once more' },
    { name: 'moonType', size: '1, per moon', note: '127; others are skipped' },
    { name: 'moonId', size: '8, per moon' },
    { name: 'moonTimestamp', size: '8, per moon', note: 'ms; 0 where it is wanted' },
  ],
  read(reader) {
    return {
      version: readVersion(reader),
      timestamp: reader.u64(),
      identity: identity.read(reader),
      sentTo: reader.remaining > 0 ? inetAddress.read(reader) : null,
      planet: reader.remaining > 0 ? { id: reader.u64(), timestamp: reader.u64() } : null,
      moons: reader.remaining > 0 ? readMoons(reader) : null,
    };
  },
  write(writer, { version, timestamp, identity: sender, sentTo, planet, moons }) {
    writeVersion(writer, version);
    writer.u64(timestamp);
    identity.write(writer, sender);
    assert(planet === null || sentTo !== null, 'a planet follows an address');
    assert(moons === null || planet !== null, 'moons follow a planet');
    if (sentTo !== null) inetAddress.write(writer, sentTo);
    if (planet !== null) {
      writer.u64(planet.id);
      writer.u64(planet.timestamp);
    }
    if (moons === null) return;
    writer.u16(moons.length);
    for (const moon of moons) {
      writer.u8(moon.type);
      writer.u64(moon.id);
      writer.u64(moon.timestamp);
    }
  },
  describe: ({ version, identity: sender, sentTo, moons }) =>
    `${identity.describe(sender)} ${formatVersion(version)}` +
    (sentTo === null ? '' : ` to ${inetAddress.describe(sentTo)}`) +
    (moons === null || moons.length === 0 ? '' : ` moons ${moons.length}`),
  toJson: (value) => ({
    version: { ...value.version },
    timestamp: formatU64(value.timestamp),
    identity: identity.toJson(value.identity),
    sentTo: value.sentTo && inetAddress.toJson(value.sentTo),
    planet: value.planet && worldJson(value.planet),
    moons: value.moons?.map((moon) => ({ type: moon.type, ...worldJson(moon) })) ?? null,
  }),
};

function readMoons(reader: WireReader): TypedWorldRevision[] {
  const count = reader.u16();
  if (count > worldsMax) reader.fail('too-many');
  const moons: TypedWorldRevision[] = [];
  while (moons.length < count && reader.failure === null)
    moons.push({ type: reader.u8(), id: reader.u64(), timestamp: reader.u64() });
  return moons;
}

function worldJson({ id, timestamp }: WorldRevision): { id: string; timestamp: string } {
  return { id: formatU64(id), timestamp: formatU64(timestamp) };
}
