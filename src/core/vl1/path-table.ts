/**
 * Every path that is known, one object for each pair of socket and endpoint.
 *
 * Paths that no peer has are strangers, of which there are only so many: the oldest goes first. Those that a peer has stay;
 * their number is limited by the peers. What has only sent us something that is not authentic is not here at all: a source
 * is easily forged, and a flood of them would cost more than all that is done with it.
 */
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { defaultPhysicalMtu } from '../../wire/packet/fragment.ts';
import type { Endpoint } from '../endpoint.ts';
import { Path } from './path.ts';

/** See the head of this file. */
export class PathTable {
  readonly #bySocket = new Map<number, Map<Endpoint['id'], Path>>();
  readonly #strangers = new Set<Path>();
  readonly #strangersMax: number;
  readonly #mtuOf: (address: IpEndpoint) => number;

  /** @param strangersMax - paths that no peer has. @param mtuOf - bytes of a datagram to an address */
  constructor(
    strangersMax: number,
    mtuOf: (address: IpEndpoint) => number = () => defaultPhysicalMtu,
  ) {
    this.#strangersMax = strangersMax;
    this.#mtuOf = mtuOf;
  }

  /** How many no peer has. */
  get strangers(): number {
    return this.#strangers.size;
  }

  /** The path, if there is one. */
  find(socket: number, endpoint: Endpoint): Path | undefined {
    return this.#bySocket.get(socket)?.get(endpoint.id);
  }

  /** The path, made if there is none yet. */
  of(socket: number, endpoint: Endpoint): Path {
    return this.find(socket, endpoint) ?? this.#added(new Path(socket, endpoint));
  }

  /** Something authentic came over a path: the one object of it, which is this one if there was none. */
  adopt(path: Path): Path {
    return this.find(path.socket, path.endpoint) ?? this.#added(path);
  }

  /** A peer has the path now. @returns the one object of it, which may be another after a long time */
  keep(path: Path): Path {
    const known = this.find(path.socket, path.endpoint);
    const kept = known ?? path;
    if (known === undefined) this.#insert(path);
    kept.users++;
    this.#strangers.delete(kept);
    return kept;
  }

  /** A peer has the path no more. */
  release(path: Path): void {
    path.users--;
    if (path.users === 0) this.#addStranger(path);
  }

  /** What is said of addresses has changed. */
  refreshMtus(): void {
    for (const paths of this.#bySocket.values())
      for (const path of paths.values()) path.mtu = this.#mtuOf(path.endpoint.address);
  }

  /** Forgets everything about a socket that is closed. Peers drop their paths themselves. */
  dropSocket(socket: number): void {
    this.#bySocket.delete(socket);
    for (const path of this.#strangers) if (path.socket === socket) this.#strangers.delete(path);
  }

  #added(path: Path): Path {
    this.#insert(path);
    this.#addStranger(path);
    return path;
  }

  #insert(path: Path): void {
    let paths = this.#bySocket.get(path.socket);
    if (paths === undefined)
      this.#bySocket.set(path.socket, (paths = new Map<Endpoint['id'], Path>()));
    paths.set(path.endpoint.id, path);
    path.mtu = this.#mtuOf(path.endpoint.address);
  }

  #addStranger(path: Path): void {
    this.#strangers.add(path);
    if (this.#strangers.size <= this.#strangersMax) return;
    for (const oldest of this.#strangers) {
      this.#strangers.delete(oldest);
      const paths = this.#bySocket.get(oldest.socket);
      if (paths?.get(oldest.endpoint.id) === oldest) paths.delete(oldest.endpoint.id);
      return;
    }
  }
}
