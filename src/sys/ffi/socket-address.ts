/**
 * Socket addresses of IP as the kernel has them.
 *
 * | offset | bytes | sockaddr_in | sockaddr_in6 |
 * |---|---|---|---|
 * | 0 | 2 | family 2, in the order of the machine | family 10 |
 * | 2 | 2 | port, big-endian | port |
 * | 4 | 4 | address | flow label |
 * | 8 | 8 / 16 | zeros | address |
 * | 24 | 4 | – | scope: the index of an interface, for link-local addresses |
 *
 * Source: ip(7), ipv6(7).
 */
import { assert } from '../../base/errors.ts';

/** An IP address and port; the endpoints of `wire` are of this shape. */
export type SocketAddress =
  | { readonly kind: 'ipv4'; readonly address: number; readonly port: number }
  | { readonly kind: 'ipv6'; readonly address: Uint8Array; readonly port: number };

export const families = { ipv4: 2, ipv6: 10 } as const;

/** Room for either. */
export const socketAddressLengthMax = 28;

/** Writes one. @returns its length */
export function writeSocketAddress(bytes: Uint8Array, at: number, address: SocketAddress): number {
  assert(at + socketAddressLengthMax <= bytes.length, 'a socket address has room');
  bytes[at] = families[address.kind];
  bytes[at + 1] = 0;
  bytes[at + 2] = address.port >>> 8;
  bytes[at + 3] = address.port;
  if (address.kind === 'ipv4') {
    const ip = address.address;
    bytes[at + 4] = ip >>> 24;
    bytes[at + 5] = ip >>> 16;
    bytes[at + 6] = ip >>> 8;
    bytes[at + 7] = ip;
    bytes.fill(0, at + 8, at + 16);
    return 16;
  }
  bytes.fill(0, at + 4, at + 8);
  for (let i = 0; i < 16; i++) bytes[at + 8 + i] = address.address[i] ?? 0;
  bytes.fill(0, at + 24, at + 28);
  return 28;
}

/** The family of a socket address. */
export function socketFamilyAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** The port of a socket address of IP. */
export function socketPortAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

/** Where in a socket address of its family the IP address begins. */
export const ipOffsets = { ipv4: 4, ipv6: 8 } as const;
