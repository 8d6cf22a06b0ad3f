import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { underlayFrames, virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { hex } from '../../../test/vectors/load.ts';
import { decode, type Decoded } from '../codec.ts';
import { etherTypes } from './ethernet.ts';
import { fragmentOffset, hasMoreFragments, ipv4Header, type Ipv4Header } from './ipv4.ts';

const u8 = fc.nat({ max: 0xff });
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffff_ffff });

const captured = virtualFrames()
  .filter(({ etherType }) => etherType === etherTypes.ipv4)
  .map(({ name, bytes }) => ({ name, bytes: bytes.slice(0, 20) }));

describeCodec(ipv4Header, {
  samples: [
    ...captured.filter((_, i) => i % 6 === 0),
    // IGMP, with the router alert option.
    { name: 'frame 1 of the network below', bytes: underlayFrames()[0]!.slice(14, 14 + 24) },
  ],
  arbitrary: fc.record({
    trafficClass: u8,
    totalLength: u16,
    identification: u16,
    fragment: u16,
    timeToLive: u8,
    protocol: u8,
    checksum: u16,
    source: u32,
    destination: u32,
    options: fc
      .uint8Array({ maxLength: 43 })
      .map((bytes) => bytes.slice(0, bytes.length - (bytes.length % 4))),
  }),
});

describe('an IPv4 header', () => {
  const parse = (text: string): Decoded<Ipv4Header> => decode(ipv4Header, hex(text));

  it('of capture frame 158 is that of a ping', () => {
    const value = parse('45000054bda740004001677c0a9000430a900023') as Ipv4Header;
    expect(ipv4Header.toJson(value)).toEqual({
      trafficClass: 0,
      totalLength: 84,
      identification: 0xbda7,
      moreFragments: false,
      dontFragment: true,
      fragmentOffset: 0,
      timeToLive: 64,
      protocol: 1,
      checksum: 0x677c,
      source: '10.144.0.67',
      destination: '10.144.0.35',
      options: '',
    });
    expect(ipv4Header.describe(value)).toBe('IPv4 10.144.0.67 → 10.144.0.35');
  });

  it('of a fragment says where it belongs', () => {
    const value = parse('450000542222200a4001677c0a9000430a900023') as Ipv4Header;
    expect(fragmentOffset(value)).toBe(80);
    expect(hasMoreFragments(value)).toBe(true);
  });

  it('is of version 4, at least 20 bytes long, and all there', () => {
    expect(parse('65000054bda740004001677c0a9000430a900023')).toBe('bad-frame');
    expect(parse('44000054bda740004001677c0a9000430a900023')).toBe('bad-frame');
    expect(parse('46000054bda740004001677c0a9000430a900023')).toBe('truncated');
  });
});
