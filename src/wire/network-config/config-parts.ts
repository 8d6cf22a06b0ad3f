/**
 * What the blobs of a network configuration consist of that is no credential, rule or address.
 *
 *     specialist    roles (3)  node (5)
 *     route         target InetAddress, via InetAddress (00: none), flags (2), metric (2)
 *     name servers  domain (128, zero padded), 4 InetAddress (00: none)
 *
 * Source: vl2 6.6, appendix A.
 */
import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { formatAddress, type Address } from '../../base/ids.ts';
import { inetAddress, type InetAddress } from '../inet-address.ts';
import type { BlobItem } from './dictionary-fields.ts';

/** A member with a part to play. */
export interface Specialist {
  readonly address: Address;
  /** 24 bits, of {@link specialistRoles}. */
  readonly roles: number;
}

/** A route that members add to their host. */
export interface Route {
  /** The port is the length of the prefix. */
  readonly target: InetAddress;
  /** Nil: the network itself. */
  readonly via: InetAddress;
  readonly flags: number;
  readonly metric: number;
}

/** Name servers for a domain. */
export interface Dns {
  /** Latin-1, at most 127 bytes; empty: none. */
  readonly domain: string;
  /** Exactly 4; nil for what is not used. */
  readonly servers: readonly InetAddress[];
}

/** Bits of {@link Specialist.roles}. */
export const specialistRoles = {
  activeBridge: 0x000002,
  anchor: 0x000004,
  multicastReplicator: 0x000008,
} as const;

const domainLength = 128;
/** How many name servers there are, used or not. */
export const dnsServersCount = 4;

/** Bytes ⇄ value. */
export const specialist: BlobItem<Specialist> = {
  read: (reader) => {
    const roles = reader.u16() * 0x100 + reader.u8();
    return { address: reader.u40() as Address, roles };
  },
  write: (writer, value) => {
    writer.u16(value.roles >>> 8);
    writer.u8(value.roles & 0xff);
    writer.u40(value.address);
  },
  toJson: (value) => ({ address: formatAddress(value.address), roles: value.roles }),
};

/** Bytes ⇄ value. */
export const route: BlobItem<Route> = {
  read: (reader) => ({
    target: inetAddress.read(reader),
    via: inetAddress.read(reader),
    flags: reader.u16(),
    metric: reader.u16(),
  }),
  write: (writer, value) => {
    inetAddress.write(writer, value.target);
    inetAddress.write(writer, value.via);
    writer.u16(value.flags);
    writer.u16(value.metric);
  },
  toJson: (value) => ({
    target: inetAddress.toJson(value.target),
    via: inetAddress.toJson(value.via),
    flags: value.flags,
    metric: value.metric,
  }),
};

/** Bytes ⇄ value. */
export const dns: BlobItem<Dns> = {
  read: (reader) => {
    const [domain = ''] = latin1Text(reader.take(domainLength)).split('\0');
    return {
      domain,
      servers: Array.from({ length: dnsServersCount }, () => inetAddress.read(reader)),
    };
  },
  write: (writer, { domain, servers }) => {
    writer.put(latin1Bytes(domain));
    writer.zeros(domainLength - domain.length);
    for (const server of servers) inetAddress.write(writer, server);
  },
  toJson: ({ domain, servers }) => ({
    domain,
    servers: servers.map((server) => inetAddress.toJson(server)),
  }),
};
