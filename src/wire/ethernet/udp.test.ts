import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { underlayFrames } from '../../../test/vectors/captured-frames.ts';
import { decode } from '../codec.ts';
import { udpHeader, type UdpHeader } from './udp.ts';

/** Frame 4 of the capture is A's first HELLO to R. */
const captured = [4, 5, 173].map((number) => ({
  name: `frame ${number} of the network below`,
  bytes: underlayFrames()[number - 1]!.slice(34, 42),
}));
const u16 = fc.nat({ max: 0xffff });

describeCodec(udpHeader, {
  samples: captured,
  arbitrary: fc.record({ sourcePort: u16, destinationPort: u16, length: u16, checksum: u16 }),
});

describe('a UDP header', () => {
  it('of capture frame 4 goes from A to R', () => {
    const value = decode(udpHeader, captured[0]!.bytes) as UdpHeader;
    expect(udpHeader.describe(value)).toBe('UDP 9994 → 9993');
    expect(value.length).toBe(underlayFrames()[3]!.length - 34);
  });
});
