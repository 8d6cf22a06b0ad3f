/**
 * What happens to a datagram until its packet is handled: classify, relay, put together, open, decompress (vl1 2.1, 3.1).
 *
 * Packets are opened in place. What cannot be opened yet, because its sender is unknown, is kept as it came; what VL2
 * cannot use yet is kept opened. Both are tried again in the order of arrival.
 */
import type { Address } from '../../base/ids.ts';
import { decompressPacket, needsDecompression } from '../../wire/packet/compression.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  headerLength,
  hopsAt,
  isCompressedAt,
  isFragmentedAt,
  packetIdHighAt,
  packetIdLowAt,
  packetLengthMax,
  sourceAt,
  verbAt,
} from '../../wire/packet/header.ts';
import { cryptHelloTail } from '../../wire/packet/hello-tail.ts';
import { Reassembler, type ReassemblyResult } from '../../wire/packet/reassembly.ts';
import { openPacket } from '../../wire/packet/seal.ts';
import { verbNumbers, type VerbNumber } from '../../wire/verbs/verb.ts';
import { whoisIntervalMs } from '../constants.ts';
import type { InboundPacket } from '../packet-handler.ts';
import type { DatagramBatch, Now } from '../ports.ts';
import type { Context } from './context.ts';
import { dispatch } from './dispatch.ts';
import { openHello, validatedHello } from './handlers/hello.ts';
import type { PathTable } from './path-table.ts';
import { Path } from './path.ts';
import type { Peer } from './peer.ts';
import type { Relay } from './relay.ts';
import type { PendingHello } from './validations.ts';
import { WaitingList, type Waiting } from './waiting.ts';

interface Sealed extends Waiting {
  readonly bytes: Uint8Array;
  readonly path: Path;
}

interface Opened extends Waiting {
  readonly packet: InboundPacket;
}

/** See the head of this file. */
export class Receiver {
  readonly #context: Context;
  readonly #paths: PathTable;
  readonly #relay: Relay;
  /** Pieces that came over paths of peers, and all others, which cannot push those out. */
  readonly #ofPeers = new Reassembler<Path>();
  readonly #ofStrangers = new Reassembler<Path>();
  readonly #sealed: WaitingList<Sealed>;
  readonly #opened: WaitingList<Opened>;
  /** Whose held packets are to be tried again. */
  readonly #ready = new Set<Address>();
  #retriedMs = -Infinity;
  /** One packet is handled at a time: none is opened while another is being handled. */
  readonly #scratch = new Uint8Array(packetLengthMax);

  /** @param waitingMax - packets held of each kind */
  constructor(context: Context, paths: PathTable, relay: Relay, waitingMax: number) {
    this.#context = context;
    this.#paths = paths;
    this.#relay = relay;
    this.#sealed = new WaitingList(waitingMax);
    this.#opened = new WaitingList(waitingMax);
  }

  /** Packets that are held. */
  get held(): number {
    return this.#sealed.size + this.#opened.size;
  }

  /** Takes datagrams, in order. Their bytes are written to. */
  receive(now: Now, batch: DatagramBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const endpoint = batch.endpoints[i];
      if (endpoint === null || endpoint === undefined) continue;
      const socket = batch.sockets[i] as number;
      const path = this.#paths.find(socket, endpoint) ?? new Path(socket, endpoint);
      path.lastInMs = now.monoMs;
      this.#datagram(now, batch.bytes, batch.starts[i] as number, batch.ends[i] as number, path);
      if (this.#ready.size > 0) this.retryReady(now);
    }
  }

  /** The identity of a HELLO was found to be valid. */
  receiveValidated(now: Now, pending: PendingHello): void {
    const packet = validatedHello(this.#context, now, pending);
    if (packet !== null) dispatch(this.#context, now, this.#adopted(packet));
  }

  /** Hands up a packet that this node has sent to itself. */
  receiveOwn(now: Now, packet: InboundPacket): void {
    dispatch(this.#context, now, packet);
  }

  /** Keeps a sealed packet. @param bytes - kept */
  holdSealed(now: Now, address: Address, bytes: Uint8Array, path: Path): void {
    this.#add(this.#sealed, { address, sinceMs: now.monoMs, bytes, path });
  }

  /** Keeps an opened packet; its payload is copied. */
  hold(now: Now, address: Address, packet: InboundPacket): void {
    const { source, peer, hops, packetId, verb, isCompressed, path } = packet;
    const payload = packet.payload.slice();
    const kept = { source, peer, hops, packetId, verb, payload, isCompressed, path };
    this.#add(this.#opened, { address, sinceMs: now.monoMs, packet: kept });
  }

  /** Something about an address has come: what is held for it is tried again, after the packet that is being handled. */
  ready(address: Address): void {
    this.#ready.add(address);
  }

  /** Tries again what has become ready. */
  retryReady(now: Now): void {
    // What becomes ready by this is tried in the next round, of which there are few: identities and credentials are finite.
    for (let round = 0; this.#ready.size > 0 && round < 8; round++) {
      const ready = [...this.#ready];
      this.#ready.clear();
      for (const address of ready) this.#retry(now, address);
    }
  }

  /** Tries everything opened again, and gives up what waited too long. */
  run(now: Now): void {
    if (this.held === 0 || now.monoMs - this.#retriedMs < whoisIntervalMs) return;
    this.#retriedMs = now.monoMs;
    for (const address of this.#opened.addresses()) this.#ready.add(address);
    this.retryReady(now);
    for (const list of [this.#sealed, this.#opened]) {
      const before = list.expired;
      list.expire(now.monoMs);
      if (list.expired > before) this.#context.drops.add('hold-expired', list.expired - before);
    }
  }

  nextTimeoutMs(nowMs: number): number {
    if (this.held === 0) return Infinity;
    const retryMs = Math.max(this.#retriedMs + whoisIntervalMs, nowMs);
    const expiryMs = Math.min(this.#sealed.nextTimeoutMs(), this.#opened.nextTimeoutMs());
    return this.#opened.size > 0 ? retryMs : Math.max(expiryMs, retryMs);
  }

  #datagram(now: Now, bytes: Uint8Array, start: number, end: number, path: Path): void {
    const kind = classify(bytes, start, end);
    if (kind === 'beacon') return;
    if (kind !== 'packet' && kind !== 'fragment') {
      this.#context.drops.add(kind);
      return;
    }
    const self = this.#context.self.identity.address;
    if (kind === 'packet' && sourceAt(bytes, start) === self) {
      this.#context.drops.add('from-self');
      return;
    }
    if (destinationAt(bytes, start) !== self) {
      const reason = this.#relay.relay(now, bytes, start, end, path, kind);
      if (reason !== null) this.#context.drops.add(reason);
      return;
    }
    const { monoMs } = now;
    const pieces = path.users > 0 ? this.#ofPeers : this.#ofStrangers;
    if (kind === 'fragment')
      this.#piece(now, pieces, pieces.addFragment(monoMs, bytes, start, end));
    else if (isFragmentedAt(bytes, start))
      this.#piece(now, pieces, pieces.addHead(monoMs, bytes, start, end, path));
    else this.#packet(now, bytes, start, end, path);
  }

  #piece(now: Now, pieces: Reassembler<Path>, result: ReassemblyResult): void {
    if (result === 'incomplete') return;
    if (result !== 'complete') {
      this.#context.drops.add(result);
      return;
    }
    const { bytes, start, end, origin } = pieces;
    if (origin !== null && end - start <= packetLengthMax)
      this.#packet(now, bytes, start, end, origin);
  }

  /** Opens a whole packet for us and has it handled. */
  #packet(now: Now, bytes: Uint8Array, start: number, end: number, path: Path): void {
    const context = this.#context;
    const isHello = cipherSuiteAt(bytes, start) === 0 && verbAt(bytes, start) === verbNumbers.HELLO;
    if (isHello) {
      const opened = openHello(context, now, bytes, start, end, path);
      if (opened === 'waiting') return;
      if (typeof opened === 'string') context.drops.add(opened);
      else dispatch(context, now, this.#adopted(opened));
      return;
    }
    const source = sourceAt(bytes, start);
    const peer = context.peers.get(source);
    if (peer === undefined) {
      this.holdSealed(now, source, bytes.slice(start, end), path);
      context.requests.ask(now, source, true);
      return;
    }
    const reason = openPacket(peer.keys, bytes, start, end);
    if (reason !== null) {
      context.drops.add(reason);
      return;
    }
    this.#handOver(now, peer, bytes, start, end, this.#paths.adopt(path));
  }

  #adopted(packet: InboundPacket): InboundPacket {
    const path = this.#paths.adopt(packet.path);
    return path === packet.path ? packet : { ...packet, path };
  }

  #handOver(now: Now, peer: Peer, bytes: Uint8Array, start: number, end: number, path: Path): void {
    const context = this.#context;
    const isCompressed = needsDecompression(bytes, start);
    if (!isCompressed) {
      if (verbAt(bytes, start) === verbNumbers.HELLO) {
        const reason = cryptHelloTail(peer.keys, bytes, start, end);
        if (reason !== null) {
          context.drops.add(reason);
          return;
        }
      }
      dispatch(context, now, inbound(peer, bytes, start, end, path, isCompressedAt(bytes, start)));
      return;
    }
    const outEnd = decompressPacket(bytes, start, end, this.#scratch, 0);
    if (typeof outEnd === 'string') {
      context.drops.add(outEnd);
      return;
    }
    dispatch(context, now, inbound(peer, this.#scratch, 0, outEnd, path, true));
  }

  #retry(now: Now, address: Address): void {
    if (this.#context.peers.get(address) !== undefined)
      for (const { bytes, path } of this.#sealed.take(address))
        this.#packet(now, bytes, 0, bytes.length, path);
    const waiting = this.#opened.take(address);
    const again: Opened[] = [];
    for (const entry of waiting) {
      if (entry.packet.peer.isClosed) continue;
      const size = this.#opened.size;
      dispatch(this.#context, now, entry.packet);
      if (this.#opened.size === size) continue;
      // Held once more: it keeps its place and its time.
      this.#opened.take(address);
      again.push(entry);
    }
    this.#opened.putBack(again);
  }

  #add<Entry extends Waiting>(list: WaitingList<Entry>, entry: Entry): void {
    const before = list.evicted;
    list.add(entry);
    if (list.evicted > before) this.#context.drops.add('hold-full');
  }
}

function inbound(
  peer: Peer,
  bytes: Uint8Array,
  start: number,
  end: number,
  path: Path,
  isCompressed: boolean,
): InboundPacket {
  return new OpenedPacket(peer, bytes, start, end, path, isCompressed);
}

/** A packet where it lies. */
class OpenedPacket implements InboundPacket {
  readonly source: Address;
  readonly peer: Peer;
  readonly hops: number;
  readonly verb: VerbNumber;
  readonly payload: Uint8Array;
  readonly isCompressed: boolean;
  readonly path: Path;
  readonly #idHigh: number;
  readonly #idLow: number;

  constructor(
    peer: Peer,
    bytes: Uint8Array,
    start: number,
    end: number,
    path: Path,
    isCompressed: boolean,
  ) {
    this.source = peer.address;
    this.peer = peer;
    this.hops = hopsAt(bytes, start);
    this.#idHigh = packetIdHighAt(bytes, start);
    this.#idLow = packetIdLowAt(bytes, start);
    this.verb = verbAt(bytes, start) as VerbNumber;
    this.payload = bytes.subarray(start + headerLength, end);
    this.isCompressed = isCompressed;
    this.path = path;
  }

  /** Made when it is asked for: most packets are never answered. */
  get packetId(): bigint {
    return (BigInt(this.#idHigh) << 32n) | BigInt(this.#idLow);
  }
}
