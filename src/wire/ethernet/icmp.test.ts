import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { decode } from '../codec.ts';
import { etherTypes } from './ethernet.ts';
import { icmpMessage, icmpv6Message, type IcmpMessage } from './icmp.ts';

/** No captured packet has IP options or extension headers. */
const ofKind = (etherType: number, headerLength: number): { name: string; bytes: Uint8Array }[] =>
  virtualFrames()
    .filter((frame) => frame.etherType === etherType && frame.bytes.length < 200)
    .map(({ name, bytes }) => ({ name, bytes: bytes.slice(headerLength) }));

const arbitrary: fc.Arbitrary<IcmpMessage> = fc.record({
  type: fc.nat({ max: 0xff }),
  code: fc.nat({ max: 0xff }),
  checksum: fc.nat({ max: 0xffff }),
  body: fc.uint8Array({ maxLength: 100 }),
});

const icmp = ofKind(etherTypes.ipv4, 20);
const icmpv6 = ofKind(etherTypes.ipv6, 40);
describeCodec(icmpMessage, { samples: icmp.filter((_, i) => i % 9 === 0), arbitrary });
describeCodec(icmpv6Message, { samples: icmpv6.filter((_, i) => i % 8 === 0), arbitrary });

describe('ICMP', () => {
  const linesOf = (codec: typeof icmpMessage, samples: typeof icmp): string[] =>
    [
      ...new Set(samples.map(({ bytes }) => codec.describe(decode(codec, bytes) as IcmpMessage))),
    ].sort();

  it('is called by the names of its types', () => {
    expect(linesOf(icmpMessage, icmp)).toEqual(['ICMP echo reply', 'ICMP echo request']);
    expect(linesOf(icmpv6Message, icmpv6)).toEqual([
      'ICMPv6 echo reply',
      'ICMPv6 echo request',
      'ICMPv6 neighbour advertisement',
      'ICMPv6 neighbour solicitation',
      'ICMPv6 router solicitation',
    ]);
  });

  it('is told by number where it has no name, and with its code', () => {
    const message = { type: 3, code: 4, checksum: 0, body: new Uint8Array(0) };
    expect(icmpMessage.describe(message)).toBe('ICMP destination unreachable code 4');
    expect(icmpMessage.describe({ ...message, type: 99, code: 0 })).toBe('ICMP type 99');
    expect(icmpv6Message.describe({ ...message, type: 99, code: 0 })).toBe('ICMPv6 type 99');
  });
});
