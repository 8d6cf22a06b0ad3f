/**
 * Where datagrams come from and go to: an IP address and a UDP port as one object that is made once, so that the packet
 * path makes none.
 *
 * {@link EndpointTable} is bounded: when it is full it starts again empty. The same endpoint may then be another object,
 * so what is kept for long is compared by {@link Endpoint.key}.
 */
import { formatInetAddress, type IpEndpoint } from '../wire/inet-address.ts';

/** An IPv4 or IPv6 address and port, with its text, which is its identity. */
export interface Endpoint {
  readonly address: IpEndpoint;
  /** `192.0.2.1/9993`: equal for equal endpoints and for no others. */
  readonly key: string;
  /** Likewise, and known without making a text. */
  readonly id: number | string;
}

/** Endpoints that a table holds before it starts again. */
export const endpointsMax = 16_384;

/** Makes endpoints, the same object for the same bytes. */
export class EndpointTable {
  readonly #ipv4 = new Map<number, Endpoint>();
  readonly #ipv6 = new Map<string, Endpoint>();

  /** @param address - 32 bits. @param port - 16 bits */
  ipv4(address: number, port: number): Endpoint {
    const id = address * 0x1_0000 + port;
    const known = this.#ipv4.get(id);
    if (known !== undefined) return known;
    const made = new KnownEndpoint({ kind: 'ipv4', address, port }, id);
    if (this.#ipv4.size >= endpointsMax) this.#ipv4.clear();
    this.#ipv4.set(id, made);
    return made;
  }

  /** @param bytes - holds the 16 bytes of the address at `start`; copied. @param port - 16 bits */
  ipv6(bytes: Uint8Array, start: number, port: number): Endpoint {
    let id = '';
    for (let i = start; i < start + 16; i += 2)
      id += String.fromCharCode(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
    id += String.fromCharCode(port);
    const known = this.#ipv6.get(id);
    if (known !== undefined) return known;
    const address = bytes.slice(start, start + 16);
    const made = new KnownEndpoint({ kind: 'ipv6', address, port }, id);
    if (this.#ipv6.size >= endpointsMax) this.#ipv6.clear();
    this.#ipv6.set(id, made);
    return made;
  }

  /** The endpoint of an address of any origin. */
  of(address: IpEndpoint): Endpoint {
    return address.kind === 'ipv4'
      ? this.ipv4(address.address, address.port)
      : this.ipv6(address.address, 0, address.port);
  }
}

/** Makes its text when it is first asked for: of most addresses that a flood comes from nobody does. */
class KnownEndpoint implements Endpoint {
  readonly address: IpEndpoint;
  readonly id: number | string;
  #key: string | null = null;

  constructor(address: IpEndpoint, id: number | string) {
    this.address = address;
    this.id = id;
  }

  get key(): string {
    return (this.#key ??= formatInetAddress(this.address));
  }
}
