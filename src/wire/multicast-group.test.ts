import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../test/conformance/codec.ts';
import { capturedPayloads, hex } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { formatMac, parseMac, type Mac } from '../base/ids.ts';
import { encode } from './codec.ts';
import { parseIpv4, parseIpv6 } from './ip-address.ts';
import { broadcastMac } from './mac.ts';
import {
  arpGroup,
  broadcastGroup,
  groupOfFrame,
  multicastGroup,
  neighbourGroup,
  sameGroup,
} from './multicast-group.ts';

/** MULTICAST_LIKE is tuples of a network (8 bytes) and a group (10). */
const liked = capturedPayloads('MULTICAST_LIKE').flatMap(({ name, bytes }) =>
  Array.from({ length: bytes.length / 18 }, (_, i) => ({
    name: `${name}, group ${i}`,
    bytes: bytes.slice(18 * i + 8, 18 * i + 18),
  })),
);

describeCodec(multicastGroup, {
  samples: [...new Map(liked.map((sample) => [toHex(sample.bytes), sample])).values()],
  arbitrary: fc.record({
    mac: fc.nat({ max: 2 ** 48 - 1 }).map((n) => n as Mac),
    adi: fc.nat({ max: 0xffff_ffff }),
  }),
});

describe('a multicast group', () => {
  it('of an IPv4 or IPv6 address is what real nodes subscribe to', () => {
    const announced = new Set(liked.map(({ bytes }) => toHex(bytes)));
    const groups = [
      arpGroup(parseIpv4('10.144.0.67')!),
      arpGroup(parseIpv4('10.144.0.35')!),
      neighbourGroup(parseIpv6('fd28:3c5b:c4bc:c3c8:a899:9345:ad10:e047')!),
      neighbourGroup(parseIpv6('fc94:ff93:6c45:ad10:e047::1')!),
      broadcastGroup,
    ];
    for (const group of groups) {
      const bytes = toHex(encode(multicastGroup, group));
      expect(announced.has(bytes), multicastGroup.describe(group)).toBe(true);
    }
  });

  it('is another with another ADI', () => {
    expect(sameGroup(arpGroup(1), { mac: broadcastMac, adi: 1 })).toBe(true);
    expect(sameGroup(arpGroup(1), arpGroup(2))).toBe(false);
    expect(sameGroup(broadcastGroup, { mac: 0x3333_0000_0001 as Mac, adi: 0 })).toBe(false);
  });
});

describe('the group of a frame', () => {
  // Capture frame 138: who has 10.144.0.35?
  const request = hex('0001080006040001aa8d6eac241c0a9000430000000000000a900023');

  const groupOf = (bytes: Uint8Array, etherType = 0x0806, mac = broadcastMac): string =>
    multicastGroup.describe(groupOfFrame(mac, etherType, bytes, 0, bytes.length));

  it('is that of the IPv4 address that ARP asks for', () => {
    expect(groupOf(request)).toBe('ARP for 10.144.0.35');
    const inside = new Uint8Array([7, 7, ...request, 7]);
    expect(groupOfFrame(broadcastMac, 0x0806, inside, 2, 30)).toEqual(
      arpGroup(parseIpv4('10.144.0.35')!),
    );
  });

  it('is everybody for any other broadcast', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = request.slice();
      bytes[at] = value;
      return bytes;
    };
    const all = 'ff:ff:ff:ff:ff:ff';
    expect(groupOf(request, 0x0800)).toBe(all);
    expect(groupOf(request.slice(0, 27))).toBe(all);
    for (const [at, value] of [
      [2, 9],
      [3, 1],
      [4, 5],
      [5, 16],
      [7, 2],
    ] as const)
      expect(groupOf(changed(at, value)), `byte ${at}`).toBe(all);
    // The hardware type and the high byte of the operation are not looked at (vl2.md 4.4).
    expect(groupOf(changed(0, 9))).toBe('ARP for 10.144.0.35');
    expect(groupOf(changed(6, 9))).toBe('ARP for 10.144.0.35');
  });

  it('is the destination for any other multicast', () => {
    const mac = parseMac('33:33:ff:10:e0:47')!;
    expect(groupOf(request, 0x86dd, mac)).toBe(formatMac(mac));
    expect(groupOf(request, 0x0806, mac)).toBe(formatMac(mac));
  });
});
