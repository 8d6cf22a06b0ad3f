/**
 * The nodes whose identity is known. A full table forgets who was not heard for longest, but never a root of ours: to be
 * in it costs a valid identity (vl1 8.3), so that a flood of them is slow.
 */
import type { Address } from '../../base/ids.ts';
import type { PathTable } from './path-table.ts';
import type { Peer, PeerPath } from './peer.ts';

/** See the head of this file. */
export class PeerTable {
  readonly #peers = new Map<Address, Peer>();
  readonly #paths: PathTable;
  readonly #max: number;
  readonly #isProtected: (address: Address) => boolean;

  /** @param isProtected - who is never forgotten to make room */
  constructor(paths: PathTable, max: number, isProtected: (address: Address) => boolean) {
    this.#paths = paths;
    this.#max = max;
    this.#isProtected = isProtected;
  }

  get size(): number {
    return this.#peers.size;
  }

  get(address: Address): Peer | undefined {
    return this.#peers.get(address);
  }

  /** All of them, in the order in which they became known. */
  values(): IterableIterator<Peer> {
    return this.#peers.values();
  }

  /** Adds a peer whose address is not in the table yet. */
  add(peer: Peer): void {
    if (this.#peers.size >= this.#max) this.#forgetIdlest();
    this.#peers.set(peer.address, peer);
  }

  /** Forgets a peer and its keys. */
  remove(peer: Peer): void {
    if (!this.#peers.delete(peer.address)) return;
    for (const { path } of peer.paths) this.#paths.release(path);
    peer.paths.length = 0;
    peer.close();
  }

  /** Takes a path from a peer. */
  removePath(peer: Peer, path: PeerPath): void {
    const index = peer.paths.indexOf(path);
    if (index < 0) return;
    peer.paths.splice(index, 1);
    this.#paths.release(path.path);
  }

  #forgetIdlest(): void {
    let idlest: Peer | null = null;
    for (const peer of this.#peers.values())
      if (
        !this.#isProtected(peer.address) &&
        (idlest === null || peer.lastReceiveMs < idlest.lastReceiveMs)
      )
        idlest = peer;
    if (idlest !== null) this.remove(idlest);
  }
}
