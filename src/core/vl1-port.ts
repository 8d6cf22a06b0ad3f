/** What VL2 and a controller may use of VL1: sending, and who is who. The node gives it to them. */
import type { Address } from '../base/ids.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { Identity, SecretIdentity } from '../wire/identity.ts';
import type { VerbNumber } from '../wire/verbs/verb.ts';
import type { NodeEvent } from './events.ts';
import type { InboundPacket } from './packet-handler.ts';
import type { Entropy, Now } from './ports.ts';

/** How to send. */
export interface SendOptions {
  /** Try to compress the payload (vl1 2.11). Default: no. */
  readonly compress?: boolean;
}

/** How another node is reached. */
export interface Reach {
  /** Whether packets go to it without a relay. */
  readonly isDirect: boolean;
  /** Round trip over the path in use, ms; null where it was not measured, or packets go over a root. */
  readonly latencyMs: number | null;
  /** How long ago something authentic came from it, ms. */
  readonly heardAgoMs: number;
}

/** VL1 as the layers above see it. */
export interface Vl1 {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;

  /**
   * Sends a packet to a node, directly or through a root, in pieces where it is long. While its identity or a path is
   * missing the packet waits, up to 5 seconds, and goes out in order. To our own address: handed up again, after this call.
   *
   * @param payload - borrowed, copied
   */
  send(now: Now, to: Address, verb: VerbNumber, payload: Uint8Array, options?: SendOptions): void;

  /**
   * Answers on the path on which a packet came, as one datagram; through {@link send} where it is too long for that, or
   * the packet came from ourselves.
   *
   * @param payload - borrowed, copied
   */
  reply(
    now: Now,
    packet: InboundPacket,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): void;

  /** The identity of a node, if it is known: then {@link send} can seal for it. */
  identityOf(address: Address): Identity | null;
  /** Asks a root for an identity; what was answered `hold` is tried again when it comes. */
  askIdentity(now: Now, address: Address): void;
  /** Tries again what was answered `hold`: credentials have come. @param source - of the packets */
  retryHeld(source: Address): void;

  /** The roots of our planet and moons, ourselves not among them. */
  upstreams(): readonly Address[];
  /** The root that requests go to (vl1 4.9); null where there is none. */
  bestUpstream(now: Now): Address | null;
  isUpstream(address: Address): boolean;
  /** Whether we are a root ourselves. */
  isRoot(): boolean;

  /** Round trip to a node over its best path, ms; null where it was not measured. */
  latencyMs(address: Address): number | null;
  /** How a node is reached now; null where it was never heard. */
  reach(now: Now, address: Address): Reach | null;
  emit(event: NodeEvent): void;
  /** Asks for `handleTimeout` at that time, of the controller: VL2 says by `nextTimeoutMs` when it wants to be called. */
  wake(atMonoMs: number): void;
}
