/**
 * A UDP socket as the node's driver sees it: batches of datagrams in, batches out, nothing thrown on the way.
 *
 * Three implement it: system calls through FFI (`ffi-udp.ts`), `node:dgram` (`dgram-udp.ts`), and a network inside the
 * process (`memory-udp.ts`). What they have in common is in `test/conformance/udp.ts`.
 *
 * Segmentation offload is below this port: {@link UdpSocket.send} is handed all datagrams of a drain at once, so that
 * `ffi-udp.ts` can give neighbours of one length and one destination to the kernel as one; what the kernel has joined on
 * receiving is cut before {@link UdpOptions.onReadable}.
 */
import type { Endpoint, EndpointTable } from '../../core/endpoint.ts';
import type { DatagramBatch, LocalSocket } from '../../core/ports.ts';

/** Most datagrams of a batch that is handed on: three that the kernel has joined of as many full ones as it can. */
export const receiveCountMax = 128;

/**
 * Bytes of the longest datagram that is received: 10 324 is the largest physical MTU that can be configured (vl1.md
 * 2.3), and rounded up it keeps every datagram of a batch on a cache line of its own.
 */
export const datagramLengthMax = 10_368;

/**
 * Bytes asked for of the kernel for each direction. One network configuration alone comes as a burst of a dozen
 * datagrams (vl1.md 2.4), a window of TCP through the tunnel as thousands.
 */
export const socketBufferBytes: number = 4 * 1024 * 1024;

export interface UdpOptions {
  /** What the driver calls the socket: {@link LocalSocket.id}. */
  readonly id: number;
  /** An address of this machine, or `0.0.0.0` or `::` for all of its family; port 0: one that is free. */
  readonly local: { readonly ip: string; readonly port: number };
  /** Where senders' endpoints come from. */
  readonly endpoints: EndpointTable;
  /** Gets what came, at most {@link receiveCountMax} datagrams, borrowed and free to be written for the call. */
  readonly onReadable: (batch: DatagramBatch) => void;
}

/** What a socket has done. */
export interface UdpCounters {
  received: number;
  sent: number;
  /** Datagrams that the system did not take: no route, no permission, a full buffer, too long, of the wrong family. */
  lost: number;
  /** Received, but longer than {@link datagramLengthMax}, or from an address that cannot be answered. */
  refused: number;
  /** Name of the error of the last loss: `ENETUNREACH`. */
  lastLoss: string | null;
}

/** A bound socket. */
export interface UdpSocket extends LocalSocket {
  /** What it is bound to, with the port that it got. */
  readonly local: Endpoint;
  readonly counters: Readonly<UdpCounters>;
  /**
   * Sends some datagrams of a batch, in the order of the list, before it returns or as soon as the event loop runs. What
   * cannot be sent is lost, as the network loses things, and counted.
   *
   * @param batch - borrowed for the call. @param indices - of datagrams in it. @param count - of indices that are valid
   */
  send(batch: DatagramBatch, indices: Int32Array, count: number): void;
  /** Frees the port at once; nothing is received or sent any more. Idempotent, and allowed inside `onReadable`. */
  close(): void;
}

/**
 * Opens a socket. IPv6 sockets take IPv6 alone, so that both families can have one port.
 *
 * @throws UDP_PORT_IN_USE, UDP_ADDRESS, UDP_PERMISSION, UDP_REFUSED
 */
export type OpenUdp = (options: UdpOptions) => Promise<UdpSocket>;

/** Counters of a new socket. */
export function newUdpCounters(): UdpCounters {
  return { received: 0, sent: 0, lost: 0, refused: 0, lastLoss: null };
}

/** Counts losses. @param name - of the error */
export function countLoss(counters: UdpCounters, name: string, count = 1): void {
  counters.lost += count;
  counters.lastLoss = name;
}
