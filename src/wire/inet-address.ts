/**
 * An address of the network below, as written in packets ("InetAddress"). In routes and static addresses of a network
 * configuration the port is the length of a prefix.
 *
 * | first byte | then | bytes |
 * |---|---|---|
 * | 00 | nothing: nil | 1 |
 * | 04 | IPv4 address, u16 port | 7 |
 * | 06 | IPv6 address, u16 port | 19 |
 * | 01, 02 | 6 bytes that are skipped (Ethernet, Bluetooth) | 7 |
 * | 03 | u16 length, that many bytes that are skipped | 3 + length |
 *
 * Anything else is refused. Source: vl1.md 2.13, vl2.md 1.5; `test/vectors/inetaddress.json`.
 */
import { toHex, type ByteWriter } from '../base/bytes.ts';
import { assertNever } from '../base/errors.ts';
import type { Codec, Json, WireReader } from './codec.ts';
import {
  formatIpv4,
  formatIpv6,
  isInIpv4Prefix,
  isInIpv6Prefix,
  parseIpv4,
  parseIpv6,
} from './ip-address.ts';

/** An address, or none. Bytes are borrowed from the buffer that was read. */
export type InetAddress =
  | { readonly kind: 'nil' }
  | {
      readonly kind: 'ipv4';
      /** 0 to 2³² − 1. */
      readonly address: number;
      /** A port, or the length of a prefix. */
      readonly port: number;
    }
  | {
      readonly kind: 'ipv6';
      /** 16 bytes. */
      readonly address: Uint8Array;
      readonly port: number;
    }
  | {
      /** Of a type that is read over, kept to be written again. */
      readonly kind: 'opaque';
      readonly type: 1 | 2 | 3;
      /** Types 1 and 2: 6 bytes; type 3: up to 65 535. */
      readonly bytes: Uint8Array;
    };

/** An address that can be sent to. */
export type IpEndpoint = Extract<InetAddress, { readonly kind: 'ipv4' | 'ipv6' }>;

/** No address. */
export const nilInetAddress: InetAddress = { kind: 'nil' };

/** The codec. */
export const inetAddress: Codec<InetAddress> = {
  name: 'InetAddress',
  layout: [
    { name: 'type', size: 1, note: '0 nil, 4 IPv4, 6 IPv6; 1, 2 and 3 are skipped' },
    {
      name: 'address',
      size: '0, 4 or 16',
      note: 'types 1 and 2: 6 bytes; 3: u16 length and bytes',
    },
    { name: 'port', size: '0 or 2', note: 'or the length of a prefix' },
  ],
  read(reader: WireReader): InetAddress {
    const type = reader.u8();
    switch (type) {
      case 0:
        return nilInetAddress;
      case 4:
        return { kind: 'ipv4', address: reader.u32(), port: reader.u16() };
      case 6:
        return { kind: 'ipv6', address: reader.take(16), port: reader.u16() };
      case 1:
      case 2:
        return { kind: 'opaque', type, bytes: reader.take(6) };
      case 3:
        return { kind: 'opaque', type, bytes: reader.take(reader.u16()) };
      default:
        reader.fail('bad-address-family');
        return nilInetAddress;
    }
  },
  write(writer: ByteWriter, value: InetAddress): void {
    switch (value.kind) {
      case 'nil':
        writer.u8(0);
        return;
      case 'ipv4':
        writer.u8(4);
        writer.u32(value.address);
        writer.u16(value.port);
        return;
      case 'ipv6':
        writer.u8(6);
        writer.put(value.address);
        writer.u16(value.port);
        return;
      case 'opaque':
        writer.u8(value.type);
        if (value.type === 3) writer.u16(value.bytes.length);
        writer.put(value.bytes);
        return;
      default:
        assertNever(value);
    }
  },
  describe(value: InetAddress): string {
    return value.kind === 'nil' ? 'none' : formatInetAddress(value);
  },
  toJson(value: InetAddress): Json {
    if (value.kind === 'opaque') return { type: value.type, bytes: toHex(value.bytes) };
    return value.kind === 'nil' ? null : formatInetAddress(value);
  },
};

/** How many bytes an address takes. */
export function inetAddressLength(value: InetAddress): number {
  switch (value.kind) {
    case 'nil':
      return 1;
    case 'ipv4':
      return 7;
    case 'ipv6':
      return 19;
    case 'opaque':
      return (value.type === 3 ? 3 : 1) + value.bytes.length;
    default:
      return assertNever(value);
  }
}

/** `10.1.2.3/9993`, `2001:db8::1/443`; nothing for nil; `type 1 a0b1c2d3e4f5` for what is no IP address. */
export function formatInetAddress(value: InetAddress): string {
  switch (value.kind) {
    case 'nil':
      return '';
    case 'ipv4':
      return `${formatIpv4(value.address)}/${value.port}`;
    case 'ipv6':
      return `${formatIpv6(value.address)}/${value.port}`;
    case 'opaque':
      return `type ${value.type} ${toHex(value.bytes.subarray(0, 32))}${value.bytes.length > 32 ? '…' : ''}`;
    default:
      return assertNever(value);
  }
}

/** The address of `ip/number`, nil of no text; null for anything else, also for an address without a number. */
export function parseInetAddress(text: string): InetAddress | null {
  if (text === '') return nilInetAddress;
  const slash = text.indexOf('/');
  const number = text.slice(slash + 1);
  if (slash < 0 || !/^\d{1,5}$/.test(number) || Number(number) > 0xffff) return null;
  return ipEndpoint(text.slice(0, slash), Number(number));
}

/** An address and a number that stand apart. @param ip - text. @param port - 0 to 65 535. @returns null for other text */
export function ipEndpoint(ip: string, port: number): IpEndpoint | null {
  const v4 = parseIpv4(ip);
  if (v4 !== null) return { kind: 'ipv4', address: v4, port };
  const v6 = parseIpv6(ip);
  return v6 === null ? null : { kind: 'ipv6', address: v6, port };
}

/** Whether two addresses are the same in every part. */
export function sameInetAddress(a: InetAddress, b: InetAddress): boolean {
  if (a.kind === 'opaque')
    return b.kind === 'opaque' && a.type === b.type && sameBytes(a.bytes, b.bytes);
  if (a.kind === 'nil') return b.kind === 'nil';
  return sameIp(a, b) && 'port' in b && a.port === b.port;
}

/** Whether two addresses are of one host, whatever the ports; nothing but IP addresses is. */
export function sameIp(a: InetAddress, b: InetAddress): boolean {
  if (a.kind === 'ipv4') return b.kind === 'ipv4' && a.address === b.address;
  return a.kind === 'ipv6' && b.kind === 'ipv6' && sameBytes(a.address, b.address);
}

/** Whether an IP address lies in a network, whose port is the length of its prefix; never in one that is too long. */
export function isInNetwork(address: InetAddress, network: InetAddress): boolean {
  if (address.kind === 'ipv4')
    return (
      network.kind === 'ipv4' &&
      network.port <= 32 &&
      isInIpv4Prefix(address.address, network.address, network.port)
    );
  return (
    address.kind === 'ipv6' &&
    network.kind === 'ipv6' &&
    network.port <= 128 &&
    isInIpv6Prefix(address.address, network.address, network.port)
  );
}

/** Compared on the packet path and no secret: the first difference ends it. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
