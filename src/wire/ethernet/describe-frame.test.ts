import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { underlayFrames, virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { hex } from '../../../test/vectors/load.ts';
import { u16At } from '../big-endian.ts';
import { describeFrame } from './describe-frame.ts';

const line = (etherType: number, text: string): string => {
  const bytes = hex(text);
  return describeFrame(etherType, bytes, 0, bytes.length);
};

describe('the line about a frame', () => {
  it.each([
    [91, 'IPv6 :: → ff02::1:ff00:1 ICMPv6 neighbour solicitation for fc94:ff93:6cbf:b8eb:1884::1'],
    [138, 'ARP who has 10.144.0.35, asks 10.144.0.67'],
    [150, 'ARP 10.144.0.35 is at aa:77:7b:57:dc:df'],
    [158, 'IPv4 10.144.0.67 → 10.144.0.35 ICMP echo request'],
    [161, 'IPv4 10.144.0.35 → 10.144.0.67 ICMP echo reply'],
    [180, 'IPv6 fc94:ff93:6c45:ad10:e047::1 → fc94:ff93:6cbf:b8eb:1884::1 ICMPv6 echo request'],
    [547, 'IPv6 fe80::a88d:6eff:feac:241c → ff02::2 ICMPv6 router solicitation'],
  ])('of capture frame %d is %s', (number, expected) => {
    const frame = virtualFrames().find(({ name }) => name === `frame ${number}`)!;
    expect(describeFrame(frame.etherType, frame.bytes, 0, frame.bytes.length)).toBe(expected);
  });

  it('of every captured frame says that nothing is wrong with it', () => {
    const frames = virtualFrames();
    expect(frames).toHaveLength(90);
    for (const { name, etherType, bytes } of frames) {
      const text = describeFrame(etherType, bytes, 0, bytes.length);
      expect(text, name).toMatch(/^(ARP|IPv[46]) [^()]*$/);
    }
  });

  it('of frames below them names UDP ports, after an Ethernet header', () => {
    const frame = underlayFrames()[3]!;
    expect(describeFrame(u16At(frame, 12), frame, 14, frame.length)).toBe(
      'IPv4 10.77.0.2 → 10.77.0.1 UDP 9994 → 9993 137 bytes',
    );
    const igmp = underlayFrames()[0]!;
    expect(describeFrame(u16At(igmp, 12), igmp, 14, igmp.length)).toMatch(
      /^IPv4 0\.0\.0\.0 → 224\.0\.0\.22 IGMP 16 bytes$/,
    );
  });

  it.each([
    [
      'TCP',
      0x0800,
      '4500002c00000000400600000a0100020a010001000500500000000100000000501820000000000061626364',
      'IPv4 10.1.0.2 → 10.1.0.1 TCP 5 → 80 PSH ACK 4 bytes',
    ],
    [
      'UDP behind hop-by-hop options',
      0x86dd,
      '6000000000140040fd000000000000000000000000000002fd000000000000000000000000000001110000000000000000010035000c000061626364',
      'IPv6 fd00::2 → fd00::1 UDP 1 → 53 4 bytes',
    ],
    [
      'a fragment header',
      0x86dd,
      '6000000000142c40fd000000000000000000000000000002fd000000000000000000000000000001110000000000000000010035000c000061626364',
      'IPv6 fd00::2 → fd00::1 IPv6 fragment 20 bytes',
    ],
    [
      'a later fragment',
      0x0800,
      '4500002000000010401100000a0100020a01000100010035000c000061626364',
      'IPv4 10.1.0.2 → 10.1.0.1 UDP fragment at 128',
    ],
    [
      'another protocol',
      0x0800,
      '4500001600000000406300000a0100020a0100010102',
      'IPv4 10.1.0.2 → 10.1.0.1 protocol 99 2 bytes',
    ],
    ['another kind', 0x88cc, '0207', 'LLDP, 2 bytes'],
    ['an unknown kind', 0x1234, '', 'EtherType 1234, 0 bytes'],
    // Padding to the least length of Ethernet is not content.
    [
      'padding',
      0x0800,
      '4500001c00000000401100000a0100020a01000100010035000800000000000000000000',
      'IPv4 10.1.0.2 → 10.1.0.1 UDP 1 → 53 0 bytes',
    ],
  ])('of %s tells the kind of content', (_, etherType, text, expected) => {
    expect(line(etherType, text)).toBe(expected);
  });

  it.each([
    [0x0806, '0001080006040001', 'ARP (truncated)'],
    [0x0806, '00010800080400010000000000000000000000000000000000000000', 'ARP (bad-frame)'],
    [0x0800, '', 'IPv4 (truncated)'],
    [0x0800, '4400002000000000401100000a0100020a010001', 'IPv4 (bad-frame)'],
    [0x0800, '4500001300000000401100000a0100020a010001', 'IPv4 10.1.0.2 → 10.1.0.1 (bad-frame)'],
    [
      0x0800,
      '4500002000000000401100000a0100020a0100010001',
      'IPv4 10.1.0.2 → 10.1.0.1 UDP header (truncated) (10 bytes missing)',
    ],
    [
      0x0800,
      '4500003000000000401100000a0100020a01000100010035001c0000',
      'IPv4 10.1.0.2 → 10.1.0.1 UDP 1 → 53 0 bytes (20 bytes missing)',
    ],
    [0x86dd, '60000000', 'IPv6 (truncated)'],
    [
      0x86dd,
      '6000000000070040fd000000000000000000000000000002fd00000000000000000000000000000111000000000000',
      'IPv6 fd00::2 → fd00::1 (truncated)',
    ],
    [
      0x86dd,
      '6000000000040040fd000000000000000000000000000002fd0000000000000000000000000000011100000000000000',
      'IPv6 fd00::2 → fd00::1 (bad-frame)',
    ],
    [
      0x86dd,
      '6000000000003a40fd000000000000000000000000000002fd00000000000000000000000000000187',
      'IPv6 fd00::2 → fd00::1 ICMPv6 (truncated)',
    ],
  ])('of the damaged frame %s %s is %s', (etherType, text, expected) => {
    expect(line(etherType, text)).toBe(expected);
  });

  it('of any bytes is one printable line', () => {
    const real = virtualFrames().filter((_, i) => i % 10 === 0);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 120 }),
      fc
        .tuple(fc.constantFrom(...real), fc.nat({ max: 600 }), fc.nat({ max: 100 }))
        .map(([frame, bit, length]) => {
          const changed = frame.bytes.slice(0, length);
          if (bit >> 3 < changed.length) changed[bit >> 3]! ^= 1 << (bit & 7);
          return changed;
        }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0x0800, 0x0806, 0x86dd, 0x1234), bytes, (etherType, frame) => {
        expect(describeFrame(etherType, frame, 0, frame.length)).toMatch(/^[\x20-\x7e→]+$/);
      }),
      { numRuns: 500 },
    );
  });
});
