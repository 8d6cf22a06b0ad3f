/**
 * What stands between the node's state machines and the world. Nothing here does anything: the drivers in `io` and
 * `daemon`, and the simulator, implement it or are handed it.
 *
 * The contract of every machine: **one mutation, then drain**. Call one `handle*` or command with the time; then take
 * what came of it (datagrams, frames, events) and ask `nextTimeoutMs`. Between, nothing changes by itself.
 */
import type { Mac, NetworkId } from '../base/ids.ts';
import type { Endpoint } from './endpoint.ts';

/** Both clocks at one moment. Timers run on `monoMs`; `wallMs` is what the protocol writes into packets. */
export interface Now {
  /** Milliseconds since any origin, never going back; may have a fraction. */
  readonly monoMs: number;
  /** Milliseconds since the Unix epoch; may step. */
  readonly wallMs: number;
}

/** Randomness, handed in: the system's generator at the edge, a seeded one in tests. */
export interface Entropy {
  /** Fills all of it. @param bytes - borrowed, written */
  fill(bytes: Uint8Array): void;
}

/** A bound UDP socket of ours. */
export interface LocalSocket {
  /** Given by the driver, never used again for another socket. 1 or above. */
  readonly id: number;
  /** What it is bound to. */
  readonly local: Endpoint;
}

/** Datagrams as they lie in one arena. The lists are longer than `count`. */
export interface DatagramBatch {
  /** Borrowed; a machine may write into what it is handed (packets are opened in place). */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The local socket on which each came or from which it is to go; 0 outgoing: any of its family. */
  readonly sockets: Int32Array;
  /** Where it came from or is to go. */
  readonly endpoints: (Endpoint | null)[];
  /** Outgoing: the IP time-to-live; 0 is the system's. */
  readonly ttls: Uint8Array;
  count: number;
}

/** Ethernet frames of one network's tap as they lie in one arena. Each is a whole frame: 14 bytes of header, then data. */
export interface FrameBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The network of each. */
  readonly networks: NetworkId[];
  count: number;
}

/** How a tap is to be: made, or changed to be so, or (null in the event) taken away. */
export interface TapState {
  readonly networkId: NetworkId;
  readonly mac: Mac;
  /** Bytes of payload of a frame. */
  readonly mtu: number;
  /** `ip/prefix length` of this member. */
  readonly addresses: readonly IpPrefix[];
  readonly routes: readonly Route[];
  readonly dnsDomain: string;
  readonly dnsServers: readonly string[];
  /** The device's name where it is free: `ztxxxxxxxx`. */
  readonly deviceName: string;
}

/** An address with the length of its network's prefix. */
export interface IpPrefix {
  /** Text, RFC 5952 for IPv6. */
  readonly ip: string;
  readonly bits: number;
}

/** A managed route. */
export interface Route {
  readonly target: IpPrefix;
  /** Text; null: on the link. */
  readonly via: string | null;
  readonly metric: number;
}
