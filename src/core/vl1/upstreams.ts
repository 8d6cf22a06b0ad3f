/** The roots as peers: which of them is the best (vl1 4.9), and whether there is one at all. */
import { relayQuality } from './path-choice.ts';
import type { PeerTable } from './peer-table.ts';
import type { Peer } from './peer.ts';
import type { Topology } from './topology.ts';

/** See the head of this file. */
export class Upstreams {
  readonly #peers: PeerTable;
  readonly #topology: Topology;

  constructor(peers: PeerTable, topology: Topology) {
    this.#peers = peers;
    this.#topology = topology;
  }

  /** The root that requests and relayed packets go to; null where none has a path. */
  best(nowMs: number): Peer | null {
    let best: Peer | null = null;
    let bestQuality = Infinity;
    for (const address of this.#topology.upstreams) {
      const peer = this.#peers.get(address);
      if (peer === undefined) continue;
      const quality = relayQuality(peer, nowMs);
      if (quality === Infinity) continue;
      // Of equal ones the higher address.
      const better =
        quality < bestQuality || (quality === bestQuality && peer.address > (best?.address ?? 0));
      if (!better) continue;
      best = peer;
      bestQuality = quality;
    }
    return best;
  }

  /** Whether we can be reached by those who do not know us yet: a root answers, or we are one. */
  isOnline(nowMs: number): boolean {
    return this.#topology.isRoot || this.best(nowMs) !== null;
  }
}
