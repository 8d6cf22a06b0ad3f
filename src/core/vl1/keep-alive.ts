/**
 * Keeps the paths to those open with whom we exchange frames: ECHO on a path that was idle for 14 s, a full HELLO each
 * minute.
 *
 * Source: vl1 4.10. Roots are looked after by `root-watch.ts`; a root does not ping its leaves.
 */
import type { Address } from '../../base/ids.ts';
import {
  fullHelloMs,
  pathHeartbeatMs,
  peerExpiryMs,
  housekeepingMs,
  pathExpiryMs,
} from '../constants.ts';
import type { Now } from '../ports.ts';
import type { Contact } from './contact.ts';
import { bestPath } from './path-choice.ts';
import type { PathLearning } from './path-learning.ts';
import type { PathWatch } from './path-watch.ts';
import type { PeerTable } from './peer-table.ts';
import { Peer } from './peer.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';

/** How often peers are looked at. */
const tickMs = 5_000;
/** Nodes that we want to reach always though they are no roots are sent HELLO this often. */
const contactHelloMs = 28_000;

/** What keeping alive works with. */
export interface KeepAliveParts {
  readonly peers: PeerTable;
  readonly topology: Topology;
  readonly upstreams: Upstreams;
  readonly contact: Contact;
  readonly learning: PathLearning;
  readonly watch: PathWatch;
  /** Nodes that are no roots and are to be kept in contact. */
  readonly contacts: () => readonly Address[];
}

/** See the head of this file. */
export class KeepAlive {
  readonly #parts: KeepAliveParts;
  #tickedMs = -Infinity;
  #cleanedMs = -Infinity;

  constructor(parts: KeepAliveParts) {
    this.#parts = parts;
  }

  /** Does what is due. */
  run(now: Now): void {
    const { monoMs } = now;
    if (monoMs - this.#tickedMs >= tickMs) {
      this.#tickedMs = monoMs;
      this.#tick(now);
    }
    if (monoMs - this.#cleanedMs >= housekeepingMs) {
      this.#cleanedMs = monoMs;
      this.#forgetSilent(monoMs);
    }
  }

  /** Nothing is due without peers. */
  nextTimeoutMs(): number {
    return this.#parts.peers.size === 0 ? Infinity : this.#tickedMs + tickMs;
  }

  #tick(now: Now): void {
    const { peers, topology } = this.#parts;
    const wanted = new Set([...topology.seeds(), ...this.#parts.contacts()]);
    for (const peer of peers.values()) {
      if (topology.isUpstream(peer.address)) continue;
      if (wanted.has(peer.address)) this.#keep(now, peer);
      else if (now.monoMs - peer.lastNontrivialReceiveMs < peerExpiryMs) this.#ping(now, peer);
    }
  }

  /** A seed or a replicator: also if it never sent a frame, and over a root where there is no other way. */
  #keep(now: Now, peer: Peer): void {
    if (now.monoMs - peer.lastFullHelloMs <= contactHelloMs) return;
    if (this.#ping(now, peer)) return;
    const root = this.#parts.upstreams.best(now.monoMs);
    const relay = root === null ? null : bestPath(root, now.monoMs);
    if (relay === null) return;
    peer.lastFullHelloMs = now.monoMs;
    this.#parts.contact.helloOver(now, peer, relay.path);
  }

  /** @returns whether there was a path to ping */
  #ping(now: Now, peer: Peer): boolean {
    const { monoMs } = now;
    const { contact, watch } = this.#parts;
    this.#forgetUseless(peer, monoMs);
    const isFull = monoMs - peer.lastFullHelloMs >= fullHelloMs;
    let pinged = false;
    for (const path of peer.paths) {
      if (!Peer.isActive(path, monoMs)) continue;
      pinged = true;
      if (!isFull && monoMs - path.path.lastOutMs < pathHeartbeatMs) continue;
      if (isFull) contact.hello(now, peer, path.path.endpoint);
      else contact.try(now, peer, path.path);
      watch.asked(monoMs, peer, path);
    }
    if (isFull && pinged) peer.lastFullHelloMs = monoMs;
    return pinged;
  }

  /** Paths that are too old, or below the best priority, are given up (vl1 4.10). */
  #forgetUseless(peer: Peer, nowMs: number): void {
    const active = peer.paths.filter((path) => Peer.isActive(path, nowMs));
    const priorityMax = Math.max(...active.map(({ priority }) => priority));
    for (const path of [...peer.paths]) {
      const isOld = nowMs - path.lastReceiveMs >= pathExpiryMs;
      if (isOld || path.priority < priorityMax) this.#parts.learning.forget(peer, path);
    }
  }

  #forgetSilent(nowMs: number): void {
    const { peers, topology } = this.#parts;
    for (const peer of [...peers.values()])
      if (nowMs - peer.lastReceiveMs >= peerExpiryMs && !topology.isUpstream(peer.address))
        if (nowMs - peer.knownSinceMs >= peerExpiryMs) peers.remove(peer);
  }
}
