import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { decode } from '../codec.ts';
import { etherTypes } from './ethernet.ts';
import { ipv6Header, type Ipv6Header } from './ipv6.ts';

const captured = virtualFrames()
  .filter(({ etherType }) => etherType === etherTypes.ipv6)
  .map(({ name, bytes }) => ({ name, bytes: bytes.slice(0, 40) }));
const ip = fc.uint8Array({ minLength: 16, maxLength: 16 });

describeCodec(ipv6Header, {
  samples: captured.filter((_, i) => i % 5 === 0),
  arbitrary: fc.record({
    trafficClass: fc.nat({ max: 0xff }),
    flowLabel: fc.nat({ max: 0xf_ffff }),
    payloadLength: fc.nat({ max: 0xffff }),
    nextHeader: fc.nat({ max: 0xff }),
    hopLimit: fc.nat({ max: 0xff }),
    source: ip,
    destination: ip,
  }),
});

describe('an IPv6 header', () => {
  it('of capture frame 180 is that of a ping', () => {
    const { bytes } = captured.find(({ name }) => name === 'frame 180')!;
    const value = decode(ipv6Header, bytes) as Ipv6Header;
    expect(ipv6Header.toJson(value)).toEqual({
      trafficClass: 0,
      flowLabel: 0x84936,
      payloadLength: 64,
      nextHeader: 58,
      hopLimit: 64,
      source: 'fc94:ff93:6c45:ad10:e047::1',
      destination: 'fc94:ff93:6cbf:b8eb:1884::1',
    });
  });

  it('is of version 6 and 40 bytes long', () => {
    const bytes = captured[0]!.bytes.slice();
    expect(decode(ipv6Header, bytes.subarray(0, 39))).toBe('truncated');
    bytes[0] = 0x40;
    expect(decode(ipv6Header, bytes)).toBe('bad-frame');
  });
});
