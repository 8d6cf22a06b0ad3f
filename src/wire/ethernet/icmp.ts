/**
 * Messages of ICMP and ICMPv6, which begin alike.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | type |
 * | 1 | 1 | code |
 * | 2 | 2 | checksum: of the message; with ICMPv6 of a pseudo header too |
 * | 4 | to the end | body |
 *
 * Source: RFC 792, RFC 4443; numbers from the IANA registries. Neighbour discovery is in `ndp.ts`.
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import type { Codec, Json, WireReader } from '../codec.ts';

/** Protocol numbers in an IP header. */
export const icmpProtocols = { icmp: 1, icmpv6: 58 } as const;

/** A message of either. */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /** Everything that follows, borrowed. */
  readonly body: Uint8Array;
}

/** ICMP, for IPv4. */
export const icmpMessage: Codec<IcmpMessage> = icmpCodec('ICMP', icmpName);
/** ICMPv6. */
export const icmpv6Message: Codec<IcmpMessage> = icmpCodec('ICMPv6', icmpv6Name);

/** `echo request`, `type 42`. */
export function icmpName(type: number): string {
  return icmpNames[type] ?? `type ${type}`;
}

/** `echo request`, `type 42`. */
export function icmpv6Name(type: number): string {
  return icmpv6Names[type] ?? `type ${type}`;
}

const icmpNames: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  9: 'router advertisement',
  10: 'router solicitation',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
};

const icmpv6Names: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
};

function icmpCodec(name: string, nameOf: (type: number) => string): Codec<IcmpMessage> {
  return {
    name,
    layout: [
      { name: 'type', size: 1 },
      { name: 'code', size: 1 },
      { name: 'checksum', size: 2 },
      { name: 'body', size: 'to the end' },
    ],
    read(reader: WireReader): IcmpMessage {
      return {
        type: reader.u8(),
        code: reader.u8(),
        checksum: reader.u16(),
        body: reader.rest(),
      };
    },
    write(writer: ByteWriter, value: IcmpMessage): void {
      writer.u8(value.type);
      writer.u8(value.code);
      writer.u16(value.checksum);
      writer.put(value.body);
    },
    describe(value: IcmpMessage): string {
      return `${name} ${nameOf(value.type)}${value.code === 0 ? '' : ` code ${value.code}`}`;
    },
    toJson(value: IcmpMessage): Json {
      return {
        type: value.type,
        code: value.code,
        checksum: value.checksum,
        body: toHex(value.body),
      };
    },
  };
}
