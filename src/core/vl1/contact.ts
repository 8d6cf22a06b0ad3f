/**
 * Contacting a node at an address: ECHO if it is known to answer it, else HELLO (vl1 4.3).
 *
 * HELLO goes out of every socket of the right family, because nobody knows yet which of our addresses has a way there.
 */
import type { Identity } from '../../wire/identity.ts';
import { nilInetAddress, type IpEndpoint } from '../../wire/inet-address.ts';
import { isValidForPath } from '../../wire/ip-scope.ts';
import type { Hello } from '../../wire/verbs/hello.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { protocolVersion, softwareVersion } from '../constants.ts';
import type { Endpoint } from '../endpoint.ts';
import type { PathPolicy } from '../path-policy.ts';
import type { LocalSocket, Now } from '../ports.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { PathTable } from './path-table.ts';
import type { Path } from './path.ts';
import type { Peer } from './peer.ts';
import type { Sockets } from './sockets.ts';
import type { Topology } from './topology.ts';

/** What contacting works with. */
export interface ContactParts {
  readonly self: Identity;
  readonly writer: PacketWriter;
  readonly sockets: Sockets;
  readonly paths: PathTable;
  readonly topology: Topology;
  readonly policy: PathPolicy;
  /** Whether an address lies in a virtual network of ours. */
  readonly isVirtual: (address: IpEndpoint) => boolean;
}

const empty = new Uint8Array(0);

/** See the head of this file. */
export class Contact {
  readonly #parts: ContactParts;

  constructor(parts: ContactParts) {
    this.#parts = parts;
  }

  /** Whether a path of a peer may lead there (vl1 4.4). */
  isAllowed(peer: Peer, address: IpEndpoint): boolean {
    return (
      address.port !== 0 &&
      isValidForPath(address) &&
      this.#parts.topology.allowsPath(peer.address, address) &&
      !this.#parts.isVirtual(address) &&
      this.mayReach(peer, address)
    );
  }

  /** Whether the operator lets packets for a peer go there: else nothing here sends any. */
  mayReach(peer: Peer, address: IpEndpoint): boolean {
    return this.#parts.policy.allows(peer.address, address);
  }

  /** Sends a full HELLO. @param sockets - default: all of the right family */
  hello(now: Now, peer: Peer, endpoint: Endpoint, sockets?: readonly LocalSocket[]): void {
    if (!this.mayReach(peer, endpoint.address)) return;
    const from = sockets ?? this.#parts.sockets.of(endpoint.address.kind);
    const { monoMs } = now;
    this.#parts.writer.writeHello(monoMs, peer, endpoint, from, this.#value(now, endpoint));
    for (const { id } of from) this.#parts.paths.of(id, endpoint).lastOutMs = monoMs;
  }

  /** Hands a full HELLO for a peer to a root: its address is not known. */
  helloOver(now: Now, peer: Peer, relay: Path): void {
    const from = [{ id: relay.socket, local: relay.endpoint }];
    const value = this.#value(now, null);
    this.#parts.writer.writeHello(now.monoMs, peer, relay.endpoint, from, value);
    relay.lastOutMs = now.monoMs;
  }

  /** Sends ECHO where the peer is known to answer it, else a full HELLO from all sockets. */
  try(now: Now, peer: Peer, path: Path): void {
    if (peer.answersEcho) this.echo(now, peer, path);
    else this.hello(now, peer, path.endpoint);
  }

  /** Contacts a peer at an address, from all sockets. */
  tryFromAll(now: Now, peer: Peer, endpoint: Endpoint): void {
    if (!peer.answersEcho) {
      this.hello(now, peer, endpoint);
      return;
    }
    for (const { id } of this.#parts.sockets.of(endpoint.address.kind))
      this.echo(now, peer, this.#parts.paths.of(id, endpoint));
  }

  /** Sends an empty ECHO. */
  echo(now: Now, peer: Peer, path: Path): void {
    if (!this.mayReach(peer, path.endpoint.address)) return;
    this.#parts.writer.write(now.monoMs, peer, path, verbNumbers.ECHO, empty, {
      compress: false,
      cut: false,
      expectReply: true,
    });
  }

  /** Opens a NAT on the way out, with bytes that are nothing. @param ttl - so low that they arrive nowhere */
  openNat(path: Path, ttl: number): void {
    this.#parts.writer.writeJunk(path, path.endpoint.address.kind === 'ipv4' ? ttl : 0);
  }

  #value(now: Now, endpoint: Endpoint | null): Hello {
    const { self, topology } = this.#parts;
    return {
      version: { protocol: protocolVersion, ...softwareVersion },
      timestamp: BigInt(Math.max(0, Math.trunc(now.wallMs))),
      identity: self,
      sentTo: endpoint?.address ?? nilInetAddress,
      planet: topology.planetRevision(),
      moons: topology.moonRevisions(),
    };
  }
}
