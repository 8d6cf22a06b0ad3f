/**
 * UDP by system calls: a non-blocking descriptor that is polled on the event loop, up to 32 datagrams a wake into one
 * arena, and as many a call when sending. About half the processor time a datagram of `node:dgram`.
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
  receiveCountMax,
  socketBufferBytes,
  type OpenUdp,
  type UdpCounters,
  type UdpOptions,
  type UdpSocket,
} from './port.ts';
import { ReceivedBatch } from './received-batch.ts';

/** Beyond 8 a call there is little to gain, beyond 32 nothing. */
const sendCountMax = 32;

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
    this.receiver = new MessageReceiver(library, receiveCountMax, datagramLengthMax);
    this.batch = new ReceivedBatch(this.receiver.bytes);
    this.sender = new MessageSender(library, sendCountMax);
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
    for (let i = 0; i < count; i++) {
      const index = indices[i] as number;
      const to = batch.endpoints[index];
      if (to?.address.kind !== this.#kind) {
        countLoss(this.counters, 'EAFNOSUPPORT');
        continue;
      }
      const [start, end] = [batch.starts[index] as number, batch.ends[index] as number];
      sender.add(batch.bytes, start, end, to.address, batch.ttls[index] as number);
      if (sender.isFull) this.#flush();
    }
    this.#flush();
  }

  close(): void {
    if (this.#descriptor < 0) return;
    this.#watch.close();
    this.#arenas.libc.close(this.#descriptor);
    this.#descriptor = -1;
  }

  #flush(): void {
    const { sender } = this.#arenas;
    let done = 0;
    while (done < sender.count) {
      const sent = this.#descriptor < 0 ? closed : sender.send(this.#descriptor, done);
      if (sent > 0) {
        done += sent;
        this.counters.sent += sent;
      } else if (sent === again || sent === closed) {
        countLoss(this.counters, errnoName(sent), sender.count - done);
        break;
      } else if (sent !== interrupted) {
        // The error is that of the first; those behind it have had no try.
        countLoss(this.counters, errnoName(sent));
        done++;
      }
    }
    sender.clear();
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
      const start = i * datagramLengthMax;
      const from = endpointAt(addresses, at, this.#options.endpoints);
      batch.add(start, start + receiver.lengthAt(i), this.id, from);
    }
    this.counters.received += batch.count;
    if (batch.count > 0) this.#options.onReadable(batch);
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

/** Level and number of options: socket(7), ip(7), ipv6(7). */
const socketOptions = {
  sendBuffer: [1, 7],
  receiveBuffer: [1, 8],
  sendBufferForce: [1, 32],
  receiveBufferForce: [1, 33],
  ipMtuDiscover: [0, 10],
  ipv6MtuDiscover: [41, 23],
  ipv6Only: [41, 26],
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
