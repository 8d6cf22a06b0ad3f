/**
 * The boundary between the layers: VL1 opens packets and hands them up, already authenticated; VL2 and a controller say
 * what they made of them, and send through `Vl1` (`vl1-port.ts`).
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { InetAddress } from '../wire/inet-address.ts';
import type { MulticastGroup } from '../wire/multicast-group.ts';
import type { VerbNumber } from '../wire/verbs/verb.ts';
import type { NodeDropReason } from './drop-reasons.ts';
import type { FrameBatch, Now } from './ports.ts';
import type { Path } from './vl1/path.ts';
import type { Peer } from './vl1/peer.ts';

/** A packet that its source sealed for us. Borrowed for the call, all of it. */
export interface InboundPacket {
  readonly source: Address;
  readonly peer: Peer;
  /** How many relays it passed; 0: it came directly, and `path` is the peer's. */
  readonly hops: number;
  /** On the wire: what a reply names. */
  readonly packetId: bigint;
  readonly verb: VerbNumber;
  /** What follows the verb, plain and decompressed: a view. */
  readonly payload: Uint8Array;
  /** Whether it was compressed on the wire. */
  readonly isCompressed: boolean;
  /** Where it came from. */
  readonly path: Path;
}

/**
 * What became of a packet.
 *
 * - `accepted`: used; the peer was heard.
 * - `trusted`: used, and shows that the peer may be trusted with relaying and addresses of ours (vl1 3.3): it is a member
 *   of a network of ours.
 * - `hold`: keep it and try again when an identity or credential may have come, for 5 seconds, in the order of arrival.
 * - `ignored`: nothing was done, and nothing is wrong with it.
 * - a reason: dropped, counted.
 */
export type Outcome = 'accepted' | 'trusted' | 'hold' | 'ignored' | NodeDropReason;

/** Takes packets of some verbs. Outcomes as above; nothing is thrown. */
export interface PacketHandler {
  handlePacket(now: Now, packet: InboundPacket): Outcome;
}

/**
 * VL2, as a node drives it. It is given the packets of all its verbs, OK and ERROR in reply to one of them (an OK only if
 * we sent what it answers), and what else concerns networks.
 */
export interface NetworkLayer extends PacketHandler {
  /** Frames from taps. */
  handleFrames(now: Now, batch: FrameBatch): void;
  /** The groups that a tap's host has joined, all of them. */
  handleGroups(now: Now, networkId: NetworkId, groups: readonly MulticastGroup[]): void;
  /** Some time has passed; called also when nothing is due. */
  handleTimeout(now: Now): void;
  /** When {@link handleTimeout} is due, `monoMs`; Infinity: not. */
  nextTimeoutMs(): number;
  join(now: Now, networkId: NetworkId, options?: NetworkJoinOptions): void;
  leave(now: Now, networkId: NetworkId): void;
  /** A root has greeted us: it may have forgotten what it knew of us. */
  handleReconnect?(now: Now): void;
  /** Whether an address lies in a network of ours, so that no path may use it (vl1 4.4). */
  isVirtual(address: InetAddress): boolean;
  /** Nodes to keep in contact with though they are no roots: anchors, multicast replicators (vl1 4.10). */
  contacts(): readonly Address[];
}

/** How to join a network. */
export interface NetworkJoinOptions {
  /** Lets the node in where the controller honours it. */
  readonly token?: string;
  /** The configuration that was kept of an earlier run (`networks.d/<id>.conf`), used until the controller answers. */
  readonly cachedConfig?: Uint8Array;
}

/** A controller, as a node drives it: NETWORK_CONFIG_REQUEST, and OK in reply to ECHO with an acknowledgement. */
export interface ControllerLayer extends PacketHandler {
  /** After `Vl1.wake`. */
  handleTimeout?(now: Now): void;
}
