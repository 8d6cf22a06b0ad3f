/**
 * Links, addresses and routes of the kernel, changed one at a time. Every call returns 0 or a negated error number.
 *
 * | message | its header |
 * |---|---|
 * | link 16, 18 | family 1, pad 1, type 2, index 4, flags 4, mask of changed flags 4 |
 * | address 20, 21 | family 1, prefix length 1, flags 1, scope 1, index 4 |
 * | route 24, 25 | family 1, length of target 1, of source 1, TOS 1, table 1, protocol 1, scope 1, type 1, flags 4 |
 *
 * Source: rtnetlink(7), <linux/rtnetlink.h>, <linux/if_link.h>, <linux/if_addr.h>.
 */
import { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { assert } from '../../base/errors.ts';
import type { Mac } from '../../base/ids.ts';
import type { IpPrefix, Route } from '../../core/ports.ts';
import { families } from '../../sys/ffi/socket-address.ts';
import { libc, type Libc } from '../../sys/ffi/libc.ts';
import {
  netlinkAttribute,
  netlinkFlags,
  NetlinkMessage,
  NetlinkSocket,
} from '../../sys/ffi/netlink.ts';
import { ipEndpoint } from '../../wire/inet-address.ts';

/** What is known of a link. */
export interface Link {
  readonly index: number;
  readonly mac: Mac;
  readonly mtu: number;
  readonly isUp: boolean;
}

const types = {
  setLink: 16,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  newRoute: 24,
  deleteRoute: 25,
} as const;
const linkAttributes = { address: 1, name: 3, mtu: 4 } as const;
const addressAttributes = { address: 1, local: 2, broadcast: 4, flags: 8 } as const;
const routeAttributes = { target: 1, device: 4, gateway: 5, priority: 6 } as const;
const linkHeaderLength = 16;
const flagUp = 1;

/** A connection to the kernel's tables of the network namespace in which it was opened. */
export class Rtnetlink {
  readonly #socket: NetlinkSocket;

  /** @throws FFI_UNAVAILABLE */
  constructor(library: Libc = libc()) {
    this.#socket = new NetlinkSocket(library);
  }

  /** A link by name, or the error number. */
  link(name: string): Link | number {
    const request = new NetlinkMessage(types.getLink, 0, new Uint8Array(linkHeaderLength));
    const { result, payload } = this.#socket.request(
      request.attribute(linkAttributes.name, cString(name)),
    );
    if (result < 0) return result;
    assert(payload !== null, 'a link that is there is described');
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    const mac = netlinkAttribute(payload, linkHeaderLength, linkAttributes.address);
    const mtu = netlinkAttribute(payload, linkHeaderLength, linkAttributes.mtu);
    return {
      index: view.getInt32(4, true),
      mac: (mac?.length === 6 ? new ByteReader(mac).u48() : 0) as Mac,
      mtu: mtu === null ? 0 : new DataView(mtu.buffer, mtu.byteOffset).getUint32(0, true),
      isUp: (view.getUint32(8, true) & flagUp) !== 0,
    };
  }

  /** Changes what is given of a link. */
  setLink(index: number, change: { mac?: Mac; mtu?: number; isUp?: boolean }): number {
    const header = new Uint8Array(linkHeaderLength);
    const view = new DataView(header.buffer);
    view.setInt32(4, index, true);
    if (change.isUp !== undefined) {
      view.setUint32(8, change.isUp ? flagUp : 0, true);
      view.setUint32(12, flagUp, true);
    }
    const request = new NetlinkMessage(types.setLink, 0, header);
    if (change.mac !== undefined) {
      const mac = new Uint8Array(6);
      new ByteWriter(mac).u48(change.mac);
      request.attribute(linkAttributes.address, mac);
    }
    if (change.mtu !== undefined) request.attributeU32(linkAttributes.mtu, change.mtu);
    return this.#socket.request(request).result;
  }

  /**
   * Gives a link an address. Without duplicate address detection: the controller gives an address once, and the second
   * that it takes is longer than joining does.
   */
  addAddress(index: number, address: IpPrefix): number {
    const { create, exclusive } = netlinkFlags;
    return this.#address(types.newAddress, create | exclusive, index, address);
  }

  deleteAddress(index: number, address: IpPrefix): number {
    return this.#address(types.deleteAddress, 0, index, address);
  }

  /** Adds a route over a link; EEXIST where the table has one with the same target and metric, over whatever link. */
  addRoute(index: number, route: Route): number {
    const { create, exclusive } = netlinkFlags;
    return this.#route(types.newRoute, create | exclusive, index, route);
  }

  deleteRoute(index: number, route: Route): number {
    return this.#route(types.deleteRoute, 0, index, route);
  }

  /** Idempotent. */
  close(): void {
    this.#socket.close();
  }

  #address(type: number, flags: number, index: number, { ip, bits }: IpPrefix): number {
    const { family, bytes } = ipBytes(ip);
    const header = Uint8Array.of(family, bits, 0, 0, 0, 0, 0, 0);
    new DataView(header.buffer).setInt32(4, index, true);
    const request = new NetlinkMessage(type, flags, header)
      .attribute(addressAttributes.local, bytes)
      .attribute(addressAttributes.address, bytes);
    if (type === types.newAddress && family === families.ipv6)
      request.attributeU32(addressAttributes.flags, flagNoDad);
    if (type === types.newAddress && family === families.ipv4 && bits < 31)
      request.attribute(addressAttributes.broadcast, masked(bytes, bits, 0xff));
    return this.#socket.request(request).result;
  }

  #route(type: number, flags: number, index: number, { target, via, metric }: Route): number {
    const { family, bytes } = ipBytes(target.ip);
    const [mainTable, protocolStatic, unicast] = [254, 4, 1];
    const isOnLink = via === null && family === families.ipv4;
    const scope = isOnLink ? scopeLink : 0;
    const header = Uint8Array.of(
      ...[family, target.bits, 0, 0, mainTable, protocolStatic, scope, unicast, 0, 0, 0, 0],
    );
    const request = new NetlinkMessage(type, flags, header).attributeU32(
      routeAttributes.device,
      index,
    );
    // The kernel refuses bits beyond the length of the prefix.
    if (target.bits > 0) request.attribute(routeAttributes.target, masked(bytes, target.bits, 0));
    if (via !== null) request.attribute(routeAttributes.gateway, ipBytes(via).bytes);
    if (metric > 0) request.attributeU32(routeAttributes.priority, metric);
    return this.#socket.request(request).result;
  }
}

/** IFA_F_NODAD. */
const flagNoDad = 2;
/** RT_SCOPE_LINK: what needs no router. */
const scopeLink = 253;

function ipBytes(ip: string): { readonly family: number; readonly bytes: Uint8Array } {
  const address = ipEndpoint(ip, 0);
  assert(address !== null, 'a state has addresses that are addresses');
  if (address.kind === 'ipv6') return { family: families.ipv6, bytes: address.address };
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, address.address);
  return { family: families.ipv4, bytes };
}

/** A copy whose bits after the first `bits` are all 0, or with 0xff all 1. */
function masked(bytes: Uint8Array, bits: number, fill: 0 | 0xff): Uint8Array {
  return bytes.map((byte, i) => {
    const mask = bits >= 8 * i + 8 ? 0xff : bits <= 8 * i ? 0 : (0xff00 >> (bits - 8 * i)) & 0xff;
    return (byte & mask) | (fill & ~mask);
  });
}

function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
