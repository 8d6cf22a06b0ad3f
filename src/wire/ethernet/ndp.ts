/**
 * Neighbour solicitation and advertisement of IPv6: who has this address, and I have it.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | type: 135 solicitation, 136 advertisement |
 * | 1 | 1 | code: 0 |
 * | 2 | 2 | checksum of ICMPv6 |
 * | 4 | 4 | flags of an advertisement: 80000000 router, 40000000 solicited, 20000000 override |
 * | 8 | 16 | target: the address that is asked for |
 * | 24 | | options: type, length in units of 8 bytes (with these two), content |
 *
 * Source: RFC 4861 sections 4.3 and 4.4; real ones in the FRAMEs and MULTICAST_FRAMEs of the capture.
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import { formatMac, type Mac } from '../../base/ids.ts';
import type { Codec, Json, WireReader } from '../codec.ts';
import { formatIpv6 } from '../ip-address.ts';

/** The types of ICMPv6 that are read here. */
export const neighbourTypes = { solicitation: 135, advertisement: 136 } as const;

/** Flags of an advertisement. */
export const neighbourFlags = {
  router: 0x8000_0000,
  solicited: 0x4000_0000,
  override: 0x2000_0000,
} as const;

/** Types of options that name a MAC. */
export const linkAddressOptions = { source: 1, target: 2 } as const;

/** A question or an answer. */
export interface NeighbourMessage {
  readonly kind: keyof typeof neighbourTypes;
  readonly code: number;
  readonly checksum: number;
  /** 32 bits, see {@link neighbourFlags}; reserved in a solicitation. */
  readonly flags: number;
  /** 16 bytes, borrowed. */
  readonly target: Uint8Array;
  readonly options: readonly NeighbourOption[];
}

/** One option. */
export interface NeighbourOption {
  readonly type: number;
  /** What follows type and length, 6 bytes and then any multiple of 8, borrowed. */
  readonly bytes: Uint8Array;
}

/** The codec; `bad-frame` for another type or an option of length 0. */
export const neighbourMessage: Codec<NeighbourMessage> = {
  name: 'neighbour discovery',
  layout: [
    { name: 'type', size: 1, note: '135 solicitation, 136 advertisement' },
    { name: 'code', size: 1 },
    { name: 'checksum', size: 2 },
    { name: 'flags', size: 4, note: 'router, solicited, override from the top bit down' },
    { name: 'target', size: 16 },
    { name: 'options', size: 'to the end', note: 'type, length in units of 8 bytes, content' },
  ],
  read(reader: WireReader): NeighbourMessage {
    const type = reader.u8();
    const isAdvertisement = type === neighbourTypes.advertisement;
    if (!isAdvertisement && type !== neighbourTypes.solicitation) reader.fail('bad-frame');
    return {
      kind: isAdvertisement ? 'advertisement' : 'solicitation',
      code: reader.u8(),
      checksum: reader.u16(),
      flags: reader.u32(),
      target: reader.take(16),
      options: readOptions(reader),
    };
  },
  write(writer: ByteWriter, value: NeighbourMessage): void {
    writer.u8(neighbourTypes[value.kind]);
    writer.u8(value.code);
    writer.u16(value.checksum);
    writer.u32(value.flags);
    writer.put(value.target);
    for (const option of value.options) {
      writer.u8(option.type);
      writer.u8((option.bytes.length + 2) / 8);
      writer.put(option.bytes);
    }
  },
  describe(value: NeighbourMessage): string {
    const target = formatIpv6(value.target);
    if (value.kind === 'solicitation') return `ICMPv6 neighbour solicitation for ${target}`;
    const mac = linkAddress(value);
    return `ICMPv6 neighbour advertisement of ${target}${mac === null ? '' : ` at ${formatMac(mac)}`}`;
  },
  toJson(value: NeighbourMessage): Json {
    return {
      kind: value.kind,
      code: value.code,
      checksum: value.checksum,
      flags: value.flags,
      target: formatIpv6(value.target),
      options: value.options.map(({ type, bytes }) => ({ type, bytes: toHex(bytes) })),
    };
  },
};

/** The MAC that a message tells: of who asks, or of who is asked for. Null: none. */
export function linkAddress(message: NeighbourMessage): Mac | null {
  const type = linkAddressOptions[message.kind === 'solicitation' ? 'source' : 'target'];
  const option = message.options.find((candidate) => candidate.type === type);
  return option?.bytes.length === 6 ? (Number.parseInt(toHex(option.bytes), 16) as Mac) : null;
}

/** Each takes at least 8 bytes, so their number is bounded by what is left. */
function readOptions(reader: WireReader): readonly NeighbourOption[] {
  const options: NeighbourOption[] = [];
  while (reader.remaining > 0) {
    const type = reader.u8();
    const length = reader.u8() * 8;
    if (length === 0) reader.fail('bad-frame');
    options.push({ type, bytes: reader.take(length - 2) });
  }
  return options;
}
