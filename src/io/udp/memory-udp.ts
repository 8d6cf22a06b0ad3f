/**
 * UDP inside the process: a network of hosts with addresses, for tests and for nodes that share a process. It behaves as
 * sockets of the loopback interface do: datagrams keep their order, go to whoever is bound, and are lost where nobody is
 * or where a receiver does not keep up.
 */
import { assert } from '../../base/errors.ts';
import type { Endpoint } from '../../core/endpoint.ts';
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
  type OpenUdp,
  type UdpCounters,
  type UdpOptions,
  type UdpSocket,
} from './port.ts';
import { ReceivedBatch } from './received-batch.ts';

/** Datagrams that wait at a socket for its handler; beyond them is loss, as with a full receive buffer. */
export const memoryQueueMax = 1024;

/** Most bytes of a datagram over IPv4. */
const udpLengthMax = 65_507;

/** What passed, for tests that look at the network itself. */
export interface PassedDatagram {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Own bytes. */
  readonly bytes: Uint8Array;
  /** 64 where the sender left it to the system. */
  readonly ttl: number;
}

/** The network. */
export class MemoryNetwork {
  /** Sees each datagram that was sent to an address of the network. */
  onPassed: ((datagram: PassedDatagram) => void) | null = null;
  readonly #hosts = new Map<string, MemoryHost>();

  /**
   * Adds a host.
   *
   * @param ips - its addresses, the first of a family is what it sends from when bound to all
   */
  host(ips: readonly string[]): OpenUdp {
    const host = new MemoryHost(this, ips);
    for (const ip of ips) {
      assert(!this.#hosts.has(ip), 'an address belongs to one host');
      this.#hosts.set(ip, host);
    }
    return (options) =>
      new Promise((resolve) => {
        resolve(host.open(options));
      });
  }

  /** Carries a datagram. @param from - its address is the one it is sent from @returns whether there is a way there */
  carry(datagram: PassedDatagram): boolean {
    const host = this.#hosts.get(ipOf(datagram.to.address));
    if (host === undefined) return false;
    this.onPassed?.(datagram);
    host.receive(datagram);
    return true;
  }
}

/** The sockets of a few addresses. */
class MemoryHost {
  readonly network: MemoryNetwork;
  readonly #ips: readonly string[];
  readonly #sockets = new Set<MemoryUdp>();
  #nextPort = 32_768;

  constructor(network: MemoryNetwork, ips: readonly string[]) {
    this.network = network;
    this.#ips = ips;
  }

  open(options: UdpOptions): UdpSocket {
    const wanted = localAddress(options.local);
    const ip = ipOf(wanted);
    if (!isAny(ip) && !this.#ips.includes(ip))
      throw bindError('EADDRNOTAVAIL', options.local.ip, wanted.port);
    const port = wanted.port === 0 ? this.#freePort(wanted) : wanted.port;
    const address = { ...wanted, port };
    if (this.#isTaken(address)) throw bindError('EADDRINUSE', options.local.ip, port);
    const socket = new MemoryUdp(this, options, options.endpoints.of(address));
    this.#sockets.add(socket);
    return socket;
  }

  close(socket: MemoryUdp): void {
    this.#sockets.delete(socket);
  }

  receive(datagram: PassedDatagram): void {
    const { address } = datagram.to;
    const ip = ipOf(address);
    for (const socket of this.#sockets) {
      const local = socket.local.address;
      if (local.port !== address.port || local.kind !== address.kind) continue;
      if (ipOf(local) !== ip && !isAny(ipOf(local))) continue;
      socket.receive(datagram);
      return;
    }
  }

  /** The address that a socket bound to `local` sends from; null where the host has none of the family. */
  sourceOf(local: IpEndpoint): IpEndpoint | null {
    if (!isAny(ipOf(local))) return local;
    for (const ip of this.#ips) {
      const address = ipEndpoint(ip, local.port);
      if (address?.kind === local.kind) return address;
    }
    return null;
  }

  #isTaken(address: IpEndpoint): boolean {
    const ip = ipOf(address);
    return [...this.#sockets].some(({ local: { address: other } }) => {
      if (other.port !== address.port || other.kind !== address.kind) return false;
      const otherIp = ipOf(other);
      return otherIp === ip || isAny(otherIp) || isAny(ip);
    });
  }

  #freePort(address: IpEndpoint): number {
    for (let tries = 0; tries < 28_000; tries++) {
      const port = this.#nextPort;
      this.#nextPort = port === 60_999 ? 32_768 : port + 1;
      if (!this.#isTaken({ ...address, port })) return port;
    }
    throw bindError('EADDRINUSE', ipOf(address), 0);
  }
}

class MemoryUdp implements UdpSocket {
  readonly id: number;
  readonly local: Endpoint;
  readonly counters: UdpCounters = newUdpCounters();
  readonly #host: MemoryHost;
  readonly #options: UdpOptions;
  readonly #waiting: PassedDatagram[] = [];
  #handOn: NodeJS.Immediate | null = null;
  #isOpen = true;

  constructor(host: MemoryHost, options: UdpOptions, local: Endpoint) {
    this.id = options.id;
    this.local = local;
    this.#host = host;
    this.#options = options;
  }

  send(batch: DatagramBatch, indices: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const index = indices[i] as number;
      const loss = this.#sendOne(batch, index);
      if (loss === null) this.counters.sent++;
      else countLoss(this.counters, loss);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#handOn !== null) clearImmediate(this.#handOn);
    this.#waiting.length = 0;
    this.#host.close(this);
  }

  /** Takes in what the network carried here. */
  receive(datagram: PassedDatagram): void {
    if (datagram.bytes.length > datagramLengthMax) {
      this.counters.refused++;
      return;
    }
    if (this.#waiting.length >= memoryQueueMax) return;
    this.#waiting.push(datagram);
    this.#handOn ??= setImmediate(() => {
      this.#deliver();
    });
  }

  /** @returns the name of the error of a loss */
  #sendOne(batch: DatagramBatch, index: number): string | null {
    const to = batch.endpoints[index];
    if (!this.#isOpen) return 'EBADF';
    if (to?.address.kind !== this.local.address.kind) return 'EAFNOSUPPORT';
    if (to.address.port === 0) return 'EINVAL';
    const bytes = batch.bytes.slice(batch.starts[index], batch.ends[index]);
    if (bytes.length > udpLengthMax) return 'EMSGSIZE';
    const source = this.#host.sourceOf(this.local.address);
    if (source === null) return 'EADDRNOTAVAIL';
    const ttl = batch.ttls[index] as number;
    const from = this.#options.endpoints.of(source);
    const isCarried = this.#host.network.carry({ from, to, bytes, ttl: ttl === 0 ? 64 : ttl });
    return isCarried ? null : 'ENETUNREACH';
  }

  #deliver(): void {
    this.#handOn = null;
    const batch = new ReceivedBatch(new Uint8Array(receiveCountMax * datagramLengthMax));
    for (const { bytes, from } of this.#waiting.splice(0, receiveCountMax)) {
      const start = batch.count * datagramLengthMax;
      batch.bytes.set(bytes, start);
      // The sender's table is not the receiver's.
      batch.add(start, start + bytes.length, this.id, this.#options.endpoints.of(from.address));
    }
    this.counters.received += batch.count;
    if (this.#waiting.length > 0)
      this.#handOn = setImmediate(() => {
        this.#deliver();
      });
    this.#options.onReadable(batch);
  }
}

function ipOf(address: IpEndpoint): string {
  return address.kind === 'ipv4' ? formatIpv4(address.address) : formatIpv6(address.address);
}

function isAny(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}
