/** What VL1 does for the layers above it: see `../vl1-port.ts`. */
import { assert } from '../../base/errors.ts';
import type { Address } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Identity, SecretIdentity } from '../../wire/identity.ts';
import { payloadLengthMax } from '../../wire/packet/compression.ts';
import { headerLength } from '../../wire/packet/header.ts';
import type { VerbNumber } from '../../wire/verbs/verb.ts';
import type { EventQueue, NodeEvent } from '../events.ts';
import type { InboundPacket } from '../packet-handler.ts';
import type { Entropy, Now } from '../ports.ts';
import type { Reach, SendOptions, Vl1 } from '../vl1-port.ts';
import type { IdentityRequests } from './identity-requests.ts';
import type { OwnPackets } from './own-packets.ts';
import type { Path } from './path.ts';
import { bestPath } from './path-choice.ts';
import type { PeerTable } from './peer-table.ts';
import type { Switch } from './switch.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';

/** The parts of a node that it is made of. */
export interface Vl1ServiceParts {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  readonly peers: PeerTable;
  readonly topology: Topology;
  readonly upstreams: Upstreams;
  readonly requests: IdentityRequests;
  readonly switch: Switch;
  readonly own: OwnPackets;
  readonly events: EventQueue;
  /** As {@link Vl1.retryHeld}. */
  readonly retryHeld: (source: Address) => void;
  /** As {@link Vl1.wake}. */
  readonly wake: (atMonoMs: number) => void;
}

/** See the head of this file. */
export class Vl1Service implements Vl1 {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  readonly #parts: Vl1ServiceParts;

  constructor(parts: Vl1ServiceParts) {
    this.#parts = parts;
    this.self = parts.self;
    this.provider = parts.provider;
    this.entropy = parts.entropy;
  }

  send(now: Now, to: Address, verb: VerbNumber, payload: Uint8Array, options?: SendOptions): void {
    assert(payload.length <= payloadLengthMax, 'a payload fits a packet');
    if (to === this.self.identity.address) this.#parts.own.add(now, verb, payload);
    else this.#parts.switch.send(now, to, verb, payload, options?.compress === true);
  }

  reply(
    now: Now,
    packet: InboundPacket,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): void {
    const { peer, path, source } = packet;
    const isDatagram = payload.length <= replyPayloadMax;
    if (source === this.self.identity.address || !isDatagram)
      this.send(now, source, verb, payload, options);
    else this.#parts.switch.sendOn(now, peer, path, verb, payload, options);
  }

  identityOf(address: Address): Identity | null {
    if (address === this.self.identity.address) return this.self.identity;
    return this.#parts.peers.get(address)?.identity ?? null;
  }

  askIdentity(now: Now, address: Address): void {
    this.#parts.requests.ask(now, address, false);
  }

  retryHeld(source: Address): void {
    this.#parts.retryHeld(source);
  }

  upstreams(): readonly Address[] {
    return this.#parts.topology.upstreams;
  }

  bestUpstream(now: Now): Address | null {
    return this.#parts.upstreams.best(now.monoMs)?.address ?? null;
  }

  isUpstream(address: Address): boolean {
    return this.#parts.topology.isUpstream(address);
  }

  isRoot(): boolean {
    return this.#parts.topology.isRoot;
  }

  latencyMs(address: Address): number | null {
    const paths = this.#parts.peers.get(address)?.paths.filter((path) => !path.isDead) ?? [];
    return paths.reduce<number | null>((best, { path }) => lower(best, path), null);
  }

  reach({ monoMs }: Now, address: Address): Reach | null {
    const peer = this.#parts.peers.get(address);
    if (peer === undefined || peer.lastReceiveMs === -Infinity) return null;
    const best = bestPath(peer, monoMs);
    return {
      isDirect: best !== null,
      latencyMs: best?.path.latencyMs ?? null,
      heardAgoMs: monoMs - peer.lastReceiveMs,
    };
  }

  emit(event: NodeEvent): void {
    this.#parts.events.push(event);
  }

  wake(atMonoMs: number): void {
    this.#parts.wake(atMonoMs);
  }
}

/** Bytes of a reply that goes as one datagram: what a path carries without being cut by IP. */
const replyPayloadMax = 1_432 - headerLength;

function lower(best: number | null, { latencyMs }: Path): number | null {
  if (best === null || latencyMs === null) return best ?? latencyMs;
  return Math.min(best, latencyMs);
}
