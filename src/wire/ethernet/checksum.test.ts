import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { underlayFrames, virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { hex } from '../../../test/vectors/load.ts';
import { u16At } from '../big-endian.ts';
import { internetChecksum, ipv4PseudoSum, ipv6PseudoSum } from './checksum.ts';
import { etherTypes } from './ethernet.ts';

describe('the internet checksum', () => {
  it('of the example in RFC 1071 is its complement', () => {
    const bytes = hex('0001f203f4f5f6f7');
    expect(internetChecksum(bytes, 0, bytes.length)).toBe(~0xddf2 & 0xffff);
  });

  it('of every real IPv4 header and ICMP message is right', () => {
    const packets = virtualFrames().filter(({ etherType }) => etherType === etherTypes.ipv4);
    expect(packets).toHaveLength(35);
    for (const { name, bytes } of packets) {
      const headerLength = (bytes[0]! & 0x0f) * 4;
      expect(internetChecksum(bytes, 0, headerLength), name).toBe(0);
      expect(internetChecksum(bytes, headerLength, u16At(bytes, 2)), name).toBe(0);
    }
  });

  it('of every real ICMPv6 message is right with the pseudo header', () => {
    const packets = virtualFrames().filter(({ etherType }) => etherType === etherTypes.ipv6);
    expect(packets).toHaveLength(24);
    for (const { name, bytes } of packets) {
      const sum = ipv6PseudoSum(bytes, 8, u16At(bytes, 4), 58);
      expect(internetChecksum(bytes, 40, bytes.length, sum), name).toBe(0);
      expect(internetChecksum(bytes, 40, bytes.length), name).not.toBe(0);
    }
  });

  it('of every IPv4 header of the network below is right, in the middle of a buffer', () => {
    for (const [i, frame] of underlayFrames().entries()) {
      if (u16At(frame, 12) !== etherTypes.ipv4) continue;
      expect(internetChecksum(frame, 14, 14 + (frame[14]! & 0x0f) * 4), `frame ${i + 1}`).toBe(0);
    }
  });

  // 10.0.0.2:1000 → 10.0.0.1:53. Pseudo header: 0a00 + 0002 + 0a00 + 0001 + 10 + 17 = 141e; datagram: 6c90.
  it('of UDP over IPv4 covers the addresses, the protocol and the length', () => {
    const datagram = hex('03e80035000a00006869');
    const sum = ipv4PseudoSum(hex('0a0000020a000001'), 0, datagram.length, 17);
    expect(internetChecksum(datagram, 0, datagram.length, sum)).toBe(~0x80ae & 0xffff);
  });

  it('of an odd number of bytes is that of the bytes and a zero', () => {
    expect(internetChecksum(hex('010203'), 0, 3)).toBe(~(0x0102 + 0x0300) & 0xffff);
    expect(internetChecksum(hex('010203ff'), 0, 3)).toBe(internetChecksum(hex('01020300'), 0, 4));
  });

  it('makes the sum zero where it is put, for any bytes of even or odd length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 80 }), (bytes) => {
        bytes[0] = bytes[1] = 0;
        const checksum = internetChecksum(bytes, 0, bytes.length);
        bytes[0] = checksum >> 8;
        bytes[1] = checksum & 0xff;
        expect(internetChecksum(bytes, 0, bytes.length)).toBe(0);
      }),
    );
  });
});
