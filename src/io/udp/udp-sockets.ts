/**
 * All bound sockets of a node: opened and closed by the driver, told apart by numbers that are never used again, and
 * sending a whole queue of datagrams in one go, each from its socket.
 */
import type { EndpointTable } from '../../core/endpoint.ts';
import type { DatagramBatch, LocalSocket } from '../../core/ports.ts';
import type { OpenUdp, UdpOptions, UdpSocket } from './port.ts';

export interface UdpSocketsOptions {
  readonly open: OpenUdp;
  readonly endpoints: EndpointTable;
  readonly onReadable: UdpOptions['onReadable'];
}

/** Bytes of datagrams since the start: that came, and that were handed to sockets, whatever became of them there. */
export interface UdpTraffic {
  receivedBytes: number;
  sentBytes: number;
}

export class UdpSockets {
  readonly traffic: UdpTraffic = { receivedBytes: 0, sentBytes: 0 };
  readonly #options: UdpSocketsOptions;
  readonly #sockets = new Map<number, UdpSocket>();
  #nextId = 1;
  #indices = new Int32Array(64);
  /** Datagrams for a socket that is not there any more, or for a family without a socket. */
  #homeless = 0;

  constructor(options: UdpSocketsOptions) {
    this.#options = options;
  }

  /** Those that are open, in the order in which they were opened. */
  get list(): readonly UdpSocket[] {
    return [...this.#sockets.values()];
  }

  /** Datagrams that were to go from a socket that there is not. */
  get homeless(): number {
    return this.#homeless;
  }

  /** Opens one more. @throws the errors of {@link OpenUdp} */
  async open(local: UdpOptions['local']): Promise<UdpSocket> {
    const { open, endpoints, onReadable } = this.#options;
    const socket = await open({
      id: this.#nextId++,
      local,
      endpoints,
      onReadable: (batch) => {
        for (let i = 0; i < batch.count; i++) this.traffic.receivedBytes += lengthOf(batch, i);
        onReadable(batch);
      },
    });
    this.#sockets.set(socket.id, socket);
    return socket;
  }

  /** Closes one; nothing for one that is closed. */
  close({ id }: LocalSocket): void {
    this.#sockets.get(id)?.close();
    this.#sockets.delete(id);
  }

  closeAll(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  /** Sends [0, count) of a batch; the order among those of one socket is kept. */
  send(batch: DatagramBatch): void {
    const { count } = batch;
    if (this.#indices.length < count) this.#indices = new Int32Array(batch.sockets.length);
    let sent = 0;
    for (const socket of this.#sockets.values()) {
      const chosen = this.#choose(batch, socket);
      if (chosen > 0) socket.send(batch, this.#indices, chosen);
      sent += chosen;
      if (sent === count) return;
    }
    this.#homeless += count - sent;
  }

  /** Lists the datagrams of a batch that go from a socket. @returns how many */
  #choose(batch: DatagramBatch, socket: UdpSocket): number {
    const { kind } = socket.local.address;
    const isFirst = this.#firstOf(kind) === socket;
    let chosen = 0;
    for (let i = 0; i < batch.count; i++) {
      const wanted = batch.sockets[i];
      const isOurs =
        wanted === socket.id ||
        (wanted === 0 && isFirst && batch.endpoints[i]?.address.kind === kind);
      if (!isOurs) continue;
      this.#indices[chosen++] = i;
      this.traffic.sentBytes += lengthOf(batch, i);
    }
    return chosen;
  }

  /** The socket that stands for any of a family. */
  #firstOf(kind: 'ipv4' | 'ipv6'): UdpSocket | undefined {
    for (const socket of this.#sockets.values())
      if (socket.local.address.kind === kind) return socket;
    return undefined;
  }
}

function lengthOf({ starts, ends }: DatagramBatch, index: number): number {
  return (ends[index] as number) - (starts[index] as number);
}
