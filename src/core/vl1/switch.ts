/**
 * Sends packets to nodes: directly where there is a path, else through the best root, else later.
 *
 * Source: vl1 4.5. A relayed packet is the same as a direct one, sealed for its destination, only handed to a root. What
 * cannot go out waits in order, up to 5 seconds, for an identity or a path.
 */
import type { Address } from '../../base/ids.ts';
import type { VerbNumber } from '../../wire/verbs/verb.ts';
import type { DropCounts } from '../drop-reasons.ts';
import type { PathPolicy } from '../path-policy.ts';
import type { Now } from '../ports.ts';
import type { PacketWriter, WriteOptions } from './packet-writer.ts';
import { bestPath, lastPath } from './path-choice.ts';
import type { Path } from './path.ts';
import type { PeerTable } from './peer-table.ts';
import type { Peer, PeerPath } from './peer.ts';
import type { Upstreams } from './upstreams.ts';
import { WaitingList, type Waiting } from './waiting.ts';

/** A packet that waits to be sent, not sealed yet. */
interface WaitingPacket extends Waiting {
  readonly verb: VerbNumber;
  readonly payload: Uint8Array;
  readonly compress: boolean;
}

/** What a switch works with. */
export interface SwitchParts {
  readonly peers: PeerTable;
  readonly upstreams: Upstreams;
  readonly writer: PacketWriter;
  readonly drops: DropCounts;
  readonly waitingMax: number;
  /** Somebody's identity is needed. */
  readonly askIdentity: (now: Now, address: Address) => void;
  /** A packet that is no sign of life goes out: on a path of the peer, or (null) over a root. */
  readonly sent: (now: Now, peer: Peer, path: PeerPath | null) => void;
  /** A packet wants to go to a peer that has no path of its own. */
  readonly undirected: (now: Now, peer: Peer) => void;
  readonly policy: PathPolicy;
}

const generic: WriteOptions = { compress: false, cut: true, expectReply: true };
const genericCompressed: WriteOptions = { compress: true, cut: true, expectReply: true };
const straight: WriteOptions = { compress: false, cut: false, expectReply: false };
const straightCompressed: WriteOptions = { compress: true, cut: false, expectReply: false };

/** See the head of this file. */
export class Switch {
  readonly #parts: SwitchParts;
  readonly #waiting: WaitingList<WaitingPacket>;

  constructor(parts: SwitchParts) {
    this.#parts = parts;
    this.#waiting = new WaitingList(parts.waitingMax);
  }

  /** Packets that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Sends a packet, or lets it wait.
   *
   * @param payload - borrowed, copied
   */
  send(now: Now, to: Address, verb: VerbNumber, payload: Uint8Array, compress = false): void {
    // What came earlier for the same node goes first.
    if (this.#waiting.size > 0 && this.#waiting.has(to)) this.flushTo(now, to);
    const peer = this.#parts.peers.get(to);
    const isFirst = !(this.#waiting.size > 0 && this.#waiting.has(to));
    if (peer !== undefined && isFirst && this.#trySend(now, peer, verb, payload, compress)) return;
    this.#wait({ address: to, sinceMs: now.monoMs, verb, payload: payload.slice(), compress });
    if (peer === undefined) this.#parts.askIdentity(now, to);
  }

  /**
   * Sends a packet on a path of the caller's choice, as one datagram: replies, and what root and peer tell each other.
   * Where the operator lets nothing go there, it goes another way.
   *
   * @param payload - borrowed, copied
   */
  sendOn(
    now: Now,
    peer: Peer,
    path: Path,
    verb: VerbNumber,
    payload: Uint8Array,
    options: { readonly compress?: boolean; readonly expectReply?: boolean } = {},
  ): void {
    const { policy, peers } = this.#parts;
    if (!policy.allows(peer.address, path.endpoint.address)) {
      if (peers.get(peer.address) === peer)
        this.send(now, peer.address, verb, payload, options.compress);
      return;
    }
    const expectReply = options.expectReply === true;
    const base = options.compress === true ? straightCompressed : straight;
    const write = expectReply ? { ...base, expectReply } : base;
    this.#parts.writer.write(now.monoMs, peer, path, verb, payload, write);
  }

  /** Whether a packet to a peer would go out now. */
  canReach(nowMs: number, peer: Peer): boolean {
    return this.#route(nowMs, peer) !== null;
  }

  /** Sends what waits for a node, as far as that is possible now. */
  flushTo(now: Now, to: Address): void {
    const peer = this.#parts.peers.get(to);
    if (peer === undefined) return;
    const entries = this.#waiting.take(to);
    for (let i = 0; i < entries.length; i++) {
      const { verb, payload, compress } = entries[i] as WaitingPacket;
      if (this.#trySend(now, peer, verb, payload, compress)) continue;
      this.#waiting.putBack(entries.slice(i));
      return;
    }
  }

  /** Sends everything that waits and can go; gives up what waited too long. */
  flush(now: Now): void {
    if (this.#waiting.size === 0) return;
    for (const address of this.#waiting.addresses()) this.flushTo(now, address);
    const before = this.#waiting.expired;
    this.#waiting.expire(now.monoMs);
    if (this.#waiting.expired > before)
      this.#parts.drops.add('hold-expired', this.#waiting.expired - before);
  }

  /** The addresses that packets wait for. */
  waitingFor(): Set<Address> {
    return this.#waiting.addresses();
  }

  nextTimeoutMs(): number {
    return this.#waiting.nextTimeoutMs();
  }

  #wait(entry: WaitingPacket): void {
    const before = this.#waiting.evicted;
    this.#waiting.add(entry);
    if (this.#waiting.evicted > before) this.#parts.drops.add('hold-full');
  }

  /** @returns whether there is a way to go; it may have been dropped there */
  #trySend(
    now: Now,
    peer: Peer,
    verb: VerbNumber,
    payload: Uint8Array,
    compress: boolean,
  ): boolean {
    const direct = bestPath(peer, now.monoMs);
    if (direct === null) this.#parts.undirected(now, peer);
    const path = direct?.path ?? this.#detour(now.monoMs, peer);
    if (path === null) return false;
    this.#parts.sent(now, peer, direct);
    const options = compress ? genericCompressed : generic;
    this.#parts.writer.write(now.monoMs, peer, path, verb, payload, options);
    return true;
  }

  #route(nowMs: number, peer: Peer): Path | null {
    return bestPath(peer, nowMs)?.path ?? this.#detour(nowMs, peer);
  }

  /** The way of a packet without a path of its own: over the best root, else where its peer was last heard. */
  #detour(nowMs: number, peer: Peer): Path | null {
    const root = this.#parts.upstreams.best(nowMs);
    const path = root === null ? null : bestPath(root, nowMs);
    return path?.path ?? lastPath(peer)?.path ?? null;
  }
}
