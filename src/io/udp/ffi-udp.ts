/**
 * UDP by system calls: a non-blocking descriptor that is polled on the event loop, up to 32 messages a wake into one
 * arena, and as many a call when sending. About half the processor time a datagram of `node:dgram`.
 *
 * A message is a datagram, or a run of them (`runs.ts`) that the kernel cuts on the way out (UDP_SEGMENT) and joins on the
 * way in (UDP_GRO). Where it refuses to cut, for a link of a smaller MTU or without checksums of its own, the datagrams of
 * the run go one by one, and those to the same endpoint from then on.
 *
 * The arenas are one for all sockets of the process: a batch is handed on and done with before the next is received.
 * A full send buffer loses what does not fit: a tunnel that waited would delay every peer for one, and the TCP inside
 * slows down on loss.
 */
import { assert } from '../../base/errors.ts';
import type { Endpoint, EndpointTable } from '../../core/endpoint.ts';
import type { DatagramBatch } from '../../core/ports.ts';
import { again, errnoName, interrupted } from '../../sys/ffi/errno.ts';
import { libc, type Libc } from '../../sys/ffi/libc.ts';
import { MessageReceiver, MessageSender } from '../../sys/ffi/message-vector.ts';
import { watchDescriptor, type DescriptorWatch } from '../../sys/ffi/poll.ts';
import {
  families,
  ipOffsets,
  socketAddressLengthMax,
  socketFamilyAt,
  socketPortAt,
  writeSocketAddress,
} from '../../sys/ffi/socket-address.ts';
import { u32At } from '../../wire/big-endian.ts';
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { bindError } from './errors.ts';
import { localAddress } from './local-address.ts';
import {
  countLoss,
  datagramLengthMax,
  newUdpCounters,
  socketBufferBytes,
  type OpenUdp,
  type UdpCounters,
  type UdpOptions,
  type UdpSocket,
} from './port.ts';
import { ReceivedBatch } from './received-batch.ts';
import { runLength } from './runs.ts';

/** Beyond 8 a call there is little to gain, beyond 32 nothing. */
const messageCountMax = 32;
/** What the kernel joins has at most this length. The memory of a slot that never holds as much is never taken. */
const messageLengthMax = 65_536;

/**
 * The way of opening sockets.
 *
 * @throws FFI_UNAVAILABLE
 */
export function ffiUdp(library: Libc = libc()): OpenUdp {
  const arenas = new Arenas(library);
  return (options) =>
    new Promise((resolve) => {
      resolve(new FfiUdp(arenas, options));
    });
}

/** The memory that sockets share. */
class Arenas {
  readonly libc: Libc;
  readonly receiver: MessageReceiver;
  readonly batch: ReceivedBatch;
  readonly sender: MessageSender;

  constructor(library: Libc) {
    this.libc = library;
    this.receiver = new MessageReceiver(library, messageCountMax, messageLengthMax);
    this.batch = new ReceivedBatch(this.receiver.bytes);
    this.sender = new MessageSender(library, messageCountMax);
  }
}

class FfiUdp implements UdpSocket {
  readonly id: number;
  readonly local: Endpoint;
  readonly counters: UdpCounters = newUdpCounters();
  readonly #arenas: Arenas;
  readonly #options: UdpOptions;
  readonly #kind: IpEndpoint['kind'];
  readonly #watch: DescriptorWatch;
  /** Where each message of the sender came from in the list that is being sent: first index, how many. */
  readonly #firsts = new Int32Array(messageCountMax);
  readonly #counts = new Int32Array(messageCountMax);
  /** Endpoints to which the kernel cuts no runs. */
  readonly #apart = new WeakSet<Endpoint>();
  #descriptor: number;

  constructor(arenas: Arenas, options: UdpOptions) {
    this.#arenas = arenas;
    this.#options = options;
    this.id = options.id;
    const address = localAddress(options.local);
    this.#kind = address.kind;
    this.#descriptor = boundSocket(arenas.libc, address, options.local.ip);
    try {
      this.local = boundTo(arenas.libc, this.#descriptor, address.kind, options.endpoints);
      this.#watch = watchDescriptor(arenas.libc, this.#descriptor, () => {
        this.#receive();
      });
    } catch (error) {
      arenas.libc.close(this.#descriptor);
      throw error;
    }
  }

  send(batch: DatagramBatch, indices: Int32Array, count: number): void {
    const { sender } = this.#arenas;
    for (let i = 0; i < count;) {
      const index = indices[i] as number;
      const to = batch.endpoints[index];
      if (to?.address.kind !== this.#kind) {
        countLoss(this.counters, 'EAFNOSUPPORT');
        i++;
        continue;
      }
      const run = this.#apart.has(to) ? 1 : runLength(batch, indices, i, count);
      const last = indices[i + run - 1] as number;
      const [start, end] = [batch.starts[index] as number, batch.ends[index] as number];
      const ttl = batch.ttls[index] as number;
      this.#firsts[sender.count] = i;
      this.#counts[sender.count] = run;
      const segmentLength = run > 1 ? end - start : 0;
      sender.add(batch.bytes, start, batch.ends[last] as number, to.address, ttl, segmentLength);
      i += run;
      if (sender.isFull) this.#flush(batch, indices);
    }
    this.#flush(batch, indices);
  }

  close(): void {
    if (this.#descriptor < 0) return;
    this.#watch.close();
    this.#arenas.libc.close(this.#descriptor);
    this.#descriptor = -1;
  }

  #flush(batch: DatagramBatch, indices: Int32Array): void {
    const { sender } = this.#arenas;
    /** Runs that the kernel would not cut. */
    const refused: Int32Array[] = [];
    let done = 0;
    while (done < sender.count) {
      const sent = this.#descriptor < 0 ? closed : sender.send(this.#descriptor, done);
      if (sent > 0) {
        for (const end = done + sent; done < end; done++)
          this.counters.sent += this.#counts[done] as number;
      } else if (sent === again || sent === closed) {
        while (done < sender.count) countLoss(this.counters, errnoName(sent), this.#counts[done++]);
      } else if (sent !== interrupted) {
        // The error is that of the first; those behind it have had no try.
        const [first, run] = [this.#firsts[done] as number, this.#counts[done] as number];
        if (run > 1) refused.push(indices.slice(first, first + run));
        else countLoss(this.counters, errnoName(sent));
        done++;
      }
    }
    sender.clear();
    for (const run of refused) {
      const to = batch.endpoints[run[0] as number];
      if (to !== null && to !== undefined) this.#apart.add(to);
      this.send(batch, run, run.length);
    }
  }

  #receive(): void {
    const { receiver, batch } = this.#arenas;
    const count = receiver.receive(this.#descriptor);
    // Nothing there, or an error of the socket that is over when it has been read: the next wake is another try.
    if (count <= 0) return;
    const { addresses } = receiver;
    batch.clear();
    for (let i = 0; i < count; i++) {
      const at = receiver.addressAt(i);
      if (receiver.isTruncatedAt(i) || !canBeAnswered(addresses, at)) {
        this.counters.refused++;
        continue;
      }
      const start = i * messageLengthMax;
      const from = endpointAt(addresses, at, this.#options.endpoints);
      this.#takeMessage(start, start + receiver.lengthAt(i), receiver.segmentLengthAt(i), from);
    }
    this.#handOn();
  }

  /** Cuts what the kernel has joined. */
  #takeMessage(start: number, end: number, segmentLength: number, from: Endpoint): void {
    const { batch } = this.#arenas;
    const step = segmentLength > 0 ? segmentLength : end - start;
    let at = start;
    do {
      const next = Math.min(at + step, end);
      if (next - at > datagramLengthMax) this.counters.refused++;
      else {
        if (batch.isFull) this.#handOn();
        batch.add(at, next, this.id, from);
      }
      at = next;
    } while (at < end);
  }

  #handOn(): void {
    const { batch } = this.#arenas;
    // It may have been closed by what was handed on before.
    if (batch.count > 0 && this.#descriptor >= 0) {
      this.counters.received += batch.count;
      this.#options.onReadable(batch);
    }
    batch.clear();
  }
}

/** EBADF: what sending on a closed socket says. */
const closed = -9;

/** A descriptor that is bound. @throws the errors of {@link OpenUdp} */
function boundSocket(library: Libc, address: IpEndpoint, ip: string): number {
  const descriptor = library.socket(families[address.kind], datagramSocket, 0);
  if (descriptor < 0) throw bindError(errnoName(descriptor), ip, address.port);
  const set = ([level, option]: readonly [number, number], value: number): number =>
    library.setsockopt(descriptor, level, option, value);
  if (address.kind === 'ipv6') set(socketOptions.ipv6Only, 1);
  // Routers on the way may cut a datagram that is too long for a link: to forbid it would lose it without a word.
  set(socketOptions[address.kind === 'ipv6' ? 'ipv6MtuDiscover' : 'ipMtuDiscover'], 0);
  // A kernel before 5.0 joins nothing, which is no harm.
  set(socketOptions.joinReceived, 1);
  // Beyond the system's limit for those who may; else as much as it gives.
  if (set(socketOptions.receiveBufferForce, socketBufferBytes) < 0)
    set(socketOptions.receiveBuffer, socketBufferBytes);
  if (set(socketOptions.sendBufferForce, socketBufferBytes) < 0)
    set(socketOptions.sendBuffer, socketBufferBytes);
  const name = new Uint8Array(socketAddressLengthMax);
  const length = writeSocketAddress(name, 0, address);
  const result = library.bind(descriptor, name.subarray(0, length));
  if (result < 0) {
    library.close(descriptor);
    throw bindError(errnoName(result), ip, address.port);
  }
  return descriptor;
}

/** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC. */
const datagramSocket = 0x8_0802;

/** Level and number of options: socket(7), ip(7), ipv6(7), udp(7). */
const socketOptions = {
  sendBuffer: [1, 7],
  receiveBuffer: [1, 8],
  sendBufferForce: [1, 32],
  receiveBufferForce: [1, 33],
  ipMtuDiscover: [0, 10],
  ipv6MtuDiscover: [41, 23],
  ipv6Only: [41, 26],
  joinReceived: [17, 104],
} as const;

function boundTo(
  library: Libc,
  descriptor: number,
  kind: IpEndpoint['kind'],
  endpoints: EndpointTable,
): Endpoint {
  const name = new Uint8Array(socketAddressLengthMax);
  const length = library.getsockname(descriptor, name);
  assert(length > 0 && socketFamilyAt(name, 0) === families[kind], 'a bound socket has a name');
  return endpointAt(name, 0, endpoints);
}

/** Port 0 cannot be sent to. A link-local address means nothing without its interface, which endpoints do not hold. */
function canBeAnswered(bytes: Uint8Array, at: number): boolean {
  if (socketPortAt(bytes, at) === 0) return false;
  const ip = at + ipOffsets.ipv6;
  const isLinkLocal = bytes[ip] === 0xfe && ((bytes[ip + 1] as number) & 0xc0) === 0x80;
  return socketFamilyAt(bytes, at) !== families.ipv6 || !isLinkLocal;
}

function endpointAt(bytes: Uint8Array, at: number, endpoints: EndpointTable): Endpoint {
  const port = socketPortAt(bytes, at);
  return socketFamilyAt(bytes, at) === families.ipv4
    ? endpoints.ipv4(u32At(bytes, at + ipOffsets.ipv4), port)
    : endpoints.ipv6(bytes, at + ipOffsets.ipv6, port);
}
