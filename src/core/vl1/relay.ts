/**
 * Passes on what is for another node: to it if there is a path, else to a root.
 *
 * Source: vl1 2.12, 4.7. Nothing is opened or checked; only the hops are counted. Allowed to a root, and to anybody for
 * those who come over a trusted path.
 */
import { fragmentHopsAt, incrementFragmentHops } from '../../wire/packet/fragment.ts';
import {
  destinationAt,
  hopsAt,
  incrementHops,
  relayHopsMax,
  sourceAt,
} from '../../wire/packet/header.ts';
import type { NodeDropReason } from '../drop-reasons.ts';
import type { Now } from '../ports.ts';
import type { DatagramQueue } from '../queues.ts';
import type { Introductions } from './introductions.ts';
import { bestPath, lastPath } from './path-choice.ts';
import type { Path } from './path.ts';
import type { PeerMemory } from './peer-memory.ts';
import type { PeerTable } from './peer-table.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';

/** What relaying works with. */
export interface RelayParts {
  readonly peers: PeerTable;
  readonly topology: Topology;
  readonly upstreams: Upstreams;
  readonly datagrams: DatagramQueue;
  readonly introductions: Introductions;
  readonly memory: PeerMemory;
}

/** See the head of this file. */
export class Relay {
  readonly #parts: RelayParts;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** @param from - where it came from. @returns null when it went on */
  relay(
    now: Now,
    bytes: Uint8Array,
    start: number,
    end: number,
    from: Path,
    kind: 'packet' | 'fragment',
  ): NodeDropReason | null {
    const { peers, topology, introductions, memory } = this.#parts;
    const { monoMs } = now;
    if (!topology.isRoot && !from.isTrusted(monoMs)) return 'relay-refused';
    const hops = kind === 'packet' ? hopsAt(bytes, start) : fragmentHopsAt(bytes, start);
    if (hops >= relayHopsMax) return 'relay-hops';
    const to = destinationAt(bytes, start);
    const destination = peers.get(to) ?? memory.recall(now, to, true) ?? undefined;
    const direct = destination === undefined ? null : bestPath(destination, monoMs);
    if (destination !== undefined && direct !== null) {
      if (!this.#forward(monoMs, bytes, start, end, direct.path, kind)) return 'queue-full';
      const source = kind === 'packet' ? peers.get(sourceAt(bytes, start)) : undefined;
      if (source !== undefined && source !== destination)
        introductions.introduce(now, source, destination);
      return null;
    }
    const root = this.#parts.upstreams.best(monoMs);
    const path = root === null ? null : (bestPath(root, monoMs) ?? lastPath(root));
    // Back to where it came from it would only turn round.
    if (root === null || path === null) return 'relay-no-path';
    if (kind === 'packet' && root.address === sourceAt(bytes, start)) return 'relay-no-path';
    return this.#forward(monoMs, bytes, start, end, path.path, kind) ? null : 'queue-full';
  }

  #forward(
    nowMs: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    path: Path,
    kind: 'packet' | 'fragment',
  ): boolean {
    const { datagrams } = this.#parts;
    const at = datagrams.reserve(end - start);
    if (at < 0) return false;
    datagrams.bytes.set(bytes.subarray(start, end), at);
    if (kind === 'packet') incrementHops(datagrams.bytes, at);
    else incrementFragmentHops(datagrams.bytes, at);
    datagrams.commit(end - start, path.socket, path.endpoint);
    path.lastOutMs = nowMs;
    return true;
  }
}
