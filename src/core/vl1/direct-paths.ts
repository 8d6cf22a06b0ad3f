/**
 * Tells trusted peers where we may be reached without a relay: PUSH_DIRECT_PATHS.
 *
 * Source: vl1 4.8. Addresses of our sockets, and those that others saw of us. Who is trusted is decided by VL2.
 */
import { ByteWriter } from '../../base/bytes.ts';
import { inetAddressLength, sameInetAddress, type IpEndpoint } from '../../wire/inet-address.ts';
import { isValidForPath } from '../../wire/ip-scope.ts';
import {
  pushDirectPaths,
  pushedPath,
  type PushedPath,
} from '../../wire/verbs/push-direct-paths.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { pushDirectMs, pushRelayedMs } from '../constants.ts';
import type { Now } from '../ports.ts';
import type { Path } from './path.ts';
import type { Peer } from './peer.ts';
import type { SelfAwareness } from './self-awareness.ts';
import type { Sockets } from './sockets.ts';
import type { Switch } from './switch.ts';

/** Bytes of one push. */
const payloadMax = 1_200;
/** What stands before an address in a push, less the type byte that an InetAddress counts. */
const recordOverhead = 4;
/** Pushes that are sent at a time. */
const packetsMax = 4;

/** See the head of this file. */
export class DirectPaths {
  readonly #sockets: Sockets;
  readonly #awareness: SelfAwareness;
  readonly #switch: () => Switch;
  readonly #isVirtual: (address: IpEndpoint) => boolean;

  constructor(
    sockets: Sockets,
    awareness: SelfAwareness,
    switchOf: () => Switch,
    isVirtual: (address: IpEndpoint) => boolean,
  ) {
    this.#sockets = sockets;
    this.#awareness = awareness;
    this.#switch = switchOf;
    this.#isVirtual = isVirtual;
  }

  /** Pushes to a trusted peer, if it is due, on the path on which it was heard. */
  push(now: Now, peer: Peer, path: Path, hops: number): void {
    const interval = hops > 0 ? pushRelayedMs : pushDirectMs;
    if (now.monoMs - peer.lastPushOutMs < interval) return;
    const addresses = this.#addresses(now.monoMs);
    if (addresses.length === 0) return;
    peer.lastPushOutMs = now.monoMs;
    for (const paths of inPackets(addresses).slice(0, packetsMax)) {
      const writer = new ByteWriter(new Uint8Array(payloadMax + 64));
      pushDirectPaths.write(writer, { paths });
      const payload = writer.bytes.subarray(0, writer.offset);
      this.#switch().sendOn(now, peer, path, verbNumbers.PUSH_DIRECT_PATHS, payload);
    }
  }

  #addresses(nowMs: number): IpEndpoint[] {
    const found: IpEndpoint[] = [];
    for (const address of [...this.#sockets.addresses(), ...this.#awareness.addresses(nowMs)]) {
      if (!isValidForPath(address) || address.port === 0 || this.#isVirtual(address)) continue;
      if (!found.some((other) => sameInetAddress(other, address))) found.push(address);
    }
    return found;
  }
}

function inPackets(addresses: readonly IpEndpoint[]): PushedPath[][] {
  const packets: PushedPath[][] = [];
  let used = Infinity;
  for (const address of addresses) {
    const length = recordOverhead + inetAddressLength(address);
    if (used + length > payloadMax) {
      packets.push([]);
      used = 2;
    }
    packets.at(-1)?.push(pushedPath(address));
    used += length;
  }
  return packets;
}
