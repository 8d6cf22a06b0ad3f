/**
 * Makes packets where they will be sent from: header, payload, compression, seal and cut happen in the arena of the
 * datagrams, without a copy between.
 *
 * Source: vl1 2.4, 2.5, 2.10, 2.11. The packet ID that a reply will name is the one after sealing.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import { compressPacket } from '../../wire/packet/compression.ts';
import {
  fragmentHeaderLength,
  fragmentsMax,
  pieceCount,
  pieceLength,
  splitPacket,
} from '../../wire/packet/fragment.ts';
import {
  headerLength,
  packetIdHighAt,
  packetLengthMax,
  setFragmented,
  writeAddressed,
} from '../../wire/packet/header.ts';
import { cryptHelloTail } from '../../wire/packet/hello-tail.ts';
import { sealPacket } from '../../wire/packet/seal.ts';
import { hello, type Hello } from '../../wire/verbs/hello.ts';
import { verbNumbers, type VerbNumber } from '../../wire/verbs/verb.ts';
import type { DropCounts } from '../drop-reasons.ts';
import type { VerbCounts } from '../verb-counts.ts';
import type { Endpoint } from '../endpoint.ts';
import type { LocalSocket } from '../ports.ts';
import type { DatagramQueue } from '../queues.ts';
import type { ExpectedReplies } from './expected-replies.ts';
import type { PacketIds } from './packet-ids.ts';
import type { Path } from './path.ts';
import type { Peer } from './peer.ts';

/** How a packet is written. */
export interface WriteOptions {
  /** Try to compress it. */
  readonly compress: boolean;
  /** Cut what is longer than a datagram should be; else it is one datagram, cut by IP if need be (vl1 2.4). */
  readonly cut: boolean;
  /** An OK may answer it. */
  readonly expectReply: boolean;
}

/** What a packet in pieces needs beside its own bytes. */
const piecesRoom = (fragmentsMax - 1) * fragmentHeaderLength;
/** Room for a HELLO with as many moons as a node has. */
const helloLengthMax = 1_024;

/** See the head of this file. */
export class PacketWriter {
  readonly #self: Address;
  readonly #ids: PacketIds;
  readonly #datagrams: DatagramQueue;
  readonly #expected: ExpectedReplies;
  readonly #drops: DropCounts;
  readonly #verbs: VerbCounts;
  #view: ByteWriter;

  constructor(
    self: Address,
    ids: PacketIds,
    datagrams: DatagramQueue,
    expected: ExpectedReplies,
    drops: DropCounts,
    verbs: VerbCounts,
  ) {
    this.#self = self;
    this.#ids = ids;
    this.#datagrams = datagrams;
    this.#expected = expected;
    this.#drops = drops;
    this.#verbs = verbs;
    this.#view = new ByteWriter(datagrams.bytes);
  }

  /**
   * Writes a packet for a peer, to go out on a path: the peer's, or a root's.
   *
   * @param payload - borrowed, copied
   * @returns whether it will go out; not where it is too long or there is no room, which is counted
   */
  write(
    nowMs: number,
    peer: Peer,
    path: Path,
    verb: VerbNumber,
    payload: Uint8Array,
    options: WriteOptions,
  ): boolean {
    const lengthMax = headerLength + payload.length;
    if (lengthMax > packetLengthMax) return this.#drop('too-long');
    const start = this.#datagrams.reserve(lengthMax + piecesRoom, fragmentsMax);
    if (start < 0) return this.#drop('queue-full');
    const { bytes } = this.#datagrams;
    writeAddressed(bytes, start, peer.address, this.#self, verb);
    bytes.set(payload, start + headerLength);
    let end = start + lengthMax;
    if (options.compress) end = compressPacket(bytes, start, end);
    const pieces = options.cut ? pieceCount(end - start, path.mtu) : 1;
    if (pieces > fragmentsMax) return this.#drop('too-long');
    if (pieces > 1) setFragmented(bytes, start);
    this.#ids.write(bytes, start);
    sealPacket(peer.keys, bytes, start, end, peer.suite);
    if (options.expectReply) this.#expected.add(packetIdHighAt(bytes, start), nowMs);
    this.#verbs.countSent(verb);
    this.#commit(path, start, end, pieces);
    path.lastOutMs = nowMs;
    return true;
  }

  /**
   * Writes a HELLO: authenticated and clear but for its tail. It goes out of every socket that is given.
   *
   * @returns whether it will; not where there is no room or no socket
   */
  writeHello(
    nowMs: number,
    peer: Peer,
    endpoint: Endpoint,
    sockets: readonly LocalSocket[],
    value: Hello,
  ): boolean {
    const [first] = sockets;
    if (first === undefined) return false;
    const start = this.#datagrams.reserve(helloLengthMax, sockets.length);
    if (start < 0) return this.#drop('queue-full');
    const { bytes } = this.#datagrams;
    const end = this.#writePlainHello(start, peer, value);
    cryptHelloTail(peer.keys, bytes, start, end);
    sealPacket(peer.keys, bytes, start, end, 0);
    this.#expected.add(packetIdHighAt(bytes, start), nowMs);
    this.#verbs.countSent(verbNumbers.HELLO);
    this.#datagrams.commit(end - start, first.id, endpoint);
    for (const socket of sockets.slice(1)) this.#datagrams.again(socket.id, endpoint);
    return true;
  }

  /** Random bytes that open a NAT on the way out (vl1 4.6). */
  writeJunk(path: Path, ttl: number): void {
    const start = this.#datagrams.reserve(4);
    if (start < 0) return;
    this.#ids.take(this.#datagrams.bytes, start, 4);
    this.#datagrams.commit(4, path.socket, path.endpoint, ttl);
  }

  #writePlainHello(start: number, peer: Peer, value: Hello): number {
    const { bytes } = this.#datagrams;
    writeAddressed(bytes, start, peer.address, this.#self, verbNumbers.HELLO);
    this.#ids.write(bytes, start);
    this.#view.seek(start + headerLength);
    hello.write(this.#view, value);
    return this.#view.offset;
  }

  #commit(path: Path, start: number, end: number, pieces: number): void {
    if (pieces === 1) {
      this.#datagrams.commit(end - start, path.socket, path.endpoint);
      return;
    }
    // Of equal length: so the pieces of many packets of one length go to the kernel as one (io/udp/runs.ts).
    const length = pieceLength(end - start, path.mtu, 'equal');
    let left = splitPacket(this.#datagrams.bytes, start, end, length) - start;
    for (; left > 0; left -= length)
      this.#datagrams.commit(Math.min(left, length), path.socket, path.endpoint);
  }

  #drop(reason: 'too-long' | 'queue-full'): false {
    this.#drops.add(reason);
    return false;
  }
}
