/**
 * UDP by `node:dgram`: works wherever Node.js does, at about twice the processor time a datagram.
 *
 * The time-to-live is a property of the socket here: it is set before a datagram that wants one and set back after it.
 * That is right because Node hands a datagram to the system within `send` unless an earlier one still waits; then those
 * few may go with the system's.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { assert, errorCode } from '../../base/errors.ts';
import type { Endpoint, EndpointTable } from '../../core/endpoint.ts';
import type { DatagramBatch } from '../../core/ports.ts';
import { ipEndpoint, type IpEndpoint } from '../../wire/inet-address.ts';
import { formatIpv4, formatIpv6 } from '../../wire/ip-address.ts';
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

/** Datagrams that may wait for the system's send buffer; beyond them is loss. */
const waitingMax = 256;

/** The way of opening sockets. */
export function dgramUdp(): OpenUdp {
  return async (options) => {
    const address = localAddress(options.local);
    const socket = createSocket({
      type: address.kind === 'ipv4' ? 'udp4' : 'udp6',
      ipv6Only: address.kind === 'ipv6',
      // An address is an address: a name service has no part in it, and `send` reaches the system before it returns.
      lookup: (ip, _options, found) => {
        found(null, ip, address.kind === 'ipv4' ? 4 : 6);
      },
    });
    try {
      const bound = once(socket, 'listening');
      socket.bind({ address: options.local.ip, port: address.port, exclusive: true });
      await bound;
    } catch (error) {
      socket.close();
      throw bindError(errorCode(error) ?? String(error), options.local.ip, address.port, error);
    }
    return new DgramUdp(socket, address.kind, options);
  };
}

class DgramUdp implements UdpSocket {
  readonly id: number;
  readonly local: Endpoint;
  readonly counters: UdpCounters = newUdpCounters();
  readonly #socket: Socket;
  readonly #kind: IpEndpoint['kind'];
  readonly #options: UdpOptions;
  readonly #batch = new ReceivedBatch(new Uint8Array(receiveCountMax * datagramLengthMax));
  /** The text of addresses sent to: `dgram` takes nothing else. */
  readonly #texts = new WeakMap<Endpoint, string>();
  #handOn: NodeJS.Immediate | null = null;
  #isOpen = true;

  constructor(socket: Socket, kind: IpEndpoint['kind'], options: UdpOptions) {
    this.id = options.id;
    this.#socket = socket;
    this.#kind = kind;
    this.#options = options;
    const { address, port } = socket.address();
    this.local = endpointOf(address, port, options.endpoints);
    enlargeBuffers(socket);
    socket.on('message', (bytes, from) => {
      this.#receive(bytes, from);
    });
    socket.on('error', (error) => {
      countLoss(this.counters, errorCode(error) ?? 'error', 0);
    });
  }

  send(batch: DatagramBatch, indices: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const index = indices[i] as number;
      const to = batch.endpoints[index];
      if (to?.address.kind !== this.#kind) {
        countLoss(this.counters, 'EAFNOSUPPORT');
        continue;
      }
      const bytes = batch.bytes.slice(batch.starts[index], batch.ends[index]);
      this.#sendOne(bytes, to, batch.ttls[index] as number);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#handOn !== null) clearImmediate(this.#handOn);
    this.#socket.close();
  }

  /** @param bytes - kept until it is sent */
  #sendOne(bytes: Uint8Array, to: Endpoint, ttl: number): void {
    if (!this.#isOpen || this.#socket.getSendQueueCount() >= waitingMax) {
      countLoss(this.counters, this.#isOpen ? 'EAGAIN' : 'EBADF');
      return;
    }
    try {
      if (ttl !== 0) this.#socket.setTTL(ttl);
      this.#socket.send(bytes, to.address.port, this.#textOf(to), (error) => {
        if (error === null) this.counters.sent++;
        else countLoss(this.counters, errorCode(error) ?? 'error');
      });
      if (ttl !== 0) this.#socket.setTTL(systemTtl);
    } catch (error) {
      // Port 0, which dgram takes for a mistake of the program.
      countLoss(this.counters, errorCode(error) ?? 'error');
    }
  }

  #receive(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    // A link-local address means nothing without its interface (after `%`), which endpoints do not hold.
    if (bytes.length > datagramLengthMax || port === 0 || address.includes('%')) {
      this.counters.refused++;
      return;
    }
    const start = this.#batch.count * datagramLengthMax;
    this.#batch.bytes.set(bytes, start);
    const from = endpointOf(address, port, this.#options.endpoints);
    this.#batch.add(start, start + bytes.length, this.id, from);
    this.counters.received++;
    if (this.#batch.isFull) this.#deliver();
    else
      this.#handOn ??= setImmediate(() => {
        this.#deliver();
      });
  }

  /** Datagrams that come in one wake are handed on together. */
  #deliver(): void {
    if (this.#handOn !== null) clearImmediate(this.#handOn);
    this.#handOn = null;
    this.#options.onReadable(this.#batch);
    this.#batch.clear();
  }

  #textOf(endpoint: Endpoint): string {
    const known = this.#texts.get(endpoint);
    if (known !== undefined) return known;
    const { address } = endpoint;
    const text =
      address.kind === 'ipv4' ? formatIpv4(address.address) : formatIpv6(address.address);
    this.#texts.set(endpoint, text);
    return text;
  }
}

/** Linux gives as much as it allows; others refuse what is more, and keep what they have. */
function enlargeBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(socketBufferBytes);
    socket.setSendBufferSize(socketBufferBytes);
  } catch {
    // A smaller buffer loses more of a burst, and nothing else.
  }
}

/** What Linux, macOS and most others begin with. */
const systemTtl = 64;

function endpointOf(ip: string, port: number, endpoints: EndpointTable): Endpoint {
  const address = ipEndpoint(ip, port);
  assert(address !== null, 'Node names addresses as we read them');
  return endpoints.of(address);
}
