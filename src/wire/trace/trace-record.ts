/** What the decoder says of a datagram: plain values, each standing for itself. */
import type { Address, PacketId } from '../../base/ids.ts';
import type { DropReason } from '../drop-reason.ts';
import type { InetAddress } from '../inet-address.ts';
import type { NetworkConfig } from '../network-config/network-config.ts';
import type { Message } from '../verbs/index.ts';
import type { KeyGap } from './identity-book.ts';

/** A datagram with what a capture knows of it. */
export interface TraceDatagram {
  /** Its number in the capture, from 1. */
  readonly frame: number;
  /** When it was seen, in nanoseconds since the Unix epoch; null where that is not known. */
  readonly timeNs: bigint | null;
  readonly from: InetAddress;
  readonly to: InetAddress;
  /** Borrowed for the call. */
  readonly payload: Uint8Array;
}

/** What every record begins with. */
export interface TraceOrigin {
  readonly frame: number;
  readonly timeNs: bigint | null;
  readonly from: InetAddress;
  readonly to: InetAddress;
}

/** A datagram, or a packet that is whole with it. */
export type TraceRecord = TraceOther | TracePiece | TracePacket;

/** No packet: too short (what opens a NAT has 4 bytes), too long, or the beacon of an old node. */
export interface TraceOther extends TraceOrigin {
  readonly kind: 'beacon' | 'not-a-packet';
  /** A copy. */
  readonly bytes: Uint8Array;
}

/** A piece of a packet; the packet itself has a record of its own, after that of its last piece. */
export interface TracePiece extends TraceOrigin {
  readonly kind: 'piece';
  readonly packetId: PacketId;
  readonly destination: Address;
  readonly hops: number;
  /** 0: the head. */
  readonly index: number;
  /** Null: the head does not say. */
  readonly count: number | null;
  /** Of the datagram. */
  readonly length: number;
  readonly result: 'incomplete' | 'complete' | DropReason;
}

/** A packet. Its endpoints, time and frame are those of the datagram that made it whole. */
export interface TracePacket extends TraceOrigin {
  readonly kind: 'packet';
  readonly packetId: PacketId;
  readonly source: Address;
  readonly destination: Address;
  readonly hops: number;
  /** 0 to 7. */
  readonly suite: number;
  /** Whether it came in pieces. */
  readonly isFragmented: boolean;
  /** As it was on the wire, whole. A copy. */
  readonly wire: Uint8Array;
  /** What is in it, as far as that can be told. */
  readonly contents: TraceContents | null;
  /** Why not all could be told; null when everything was. */
  readonly problem: TraceProblem | null;
}

/** Why a packet, or the end of it, stays dark: no keys, or a packet that a node would drop too. */
export type TraceProblem =
  | { readonly kind: 'no-key'; readonly gap: KeyGap }
  | { readonly kind: 'drop'; readonly reason: DropReason };

/** A packet that is open. */
export interface TraceContents {
  /** Whether its authentication code is right. Only clear text is shown though it is not, or `unchecked` for want of a key. */
  readonly mac: 'good' | 'bad' | 'unchecked';
  /** The packet ID before sealing, of suite 3 with its key; else null. */
  readonly originalId: PacketId | null;
  readonly verb: number;
  readonly isCompressed: boolean;
  /** The plain packet, header and payload, still compressed, a HELLO's tail still encrypted. A copy. */
  readonly plain: Uint8Array;
  /** What follows the verb, decompressed, a HELLO's tail decrypted where its key is there. */
  readonly payload: Uint8Array;
  /** Null where it could not be decoded: {@link TracePacket.problem} says why. Borrows {@link payload}. */
  readonly message: Message | null;
  /** The network configuration that is whole with this packet, or why it is none; null for most packets. */
  readonly configuration: NetworkConfig | DropReason | null;
  /** Of the message, then those inside {@link configuration}. */
  readonly signatures: readonly SignatureVerdict[];
}

/** Whether a signature in a packet is right. */
export interface SignatureVerdict {
  /** What is signed: `certificate of membership`, `configuration chunk`, `planet`. */
  readonly what: string;
  /** Whose it must be; null where no address says so (a world is signed by a key). */
  readonly signer: Address | null;
  /** `unknown`: the signer's identity or key has not been seen. `unsigned`: there is none, where one may be left out. */
  readonly verdict: 'good' | 'bad' | 'unknown' | 'unsigned';
}
