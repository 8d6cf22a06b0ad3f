/** Moons as the API shows them. Source: management.md 1.6. */
import type { MoonJson } from '../api/schema/moon.ts';
import { toHex } from '../base/bytes.ts';
import { formatU64 } from '../base/ids.ts';
import { formatIdentity } from '../wire/identity.ts';
import { formatInetAddress } from '../wire/inet-address.ts';
import type { World } from '../wire/world.ts';

/** A moon that is there. */
export function moonJson(moon: World): MoonJson {
  return {
    id: formatU64(moon.id),
    roots: moon.roots.map(({ identity, endpoints }) => ({
      identity: formatIdentity(identity),
      stableEndpoints: endpoints.map(formatInetAddress),
    })),
    signature: toHex(moon.signature),
    timestamp: Number(moon.timestamp),
    updatesMustBeSignedBy: toHex(moon.updateKey),
    waiting: false,
  };
}

/** A moon that is looked for. */
export function waitingMoonJson(id: bigint): MoonJson {
  return {
    id: formatU64(id),
    roots: [],
    signature: null,
    timestamp: 0,
    updatesMustBeSignedBy: null,
    waiting: true,
  };
}
