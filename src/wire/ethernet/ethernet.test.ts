import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { underlayFrames } from '../../../test/vectors/captured-frames.ts';
import { toHex } from '../../base/bytes.ts';
import type { Mac } from '../../base/ids.ts';
import { ethernetHeader, ethernetHeaderLength, etherTypeName } from './ethernet.ts';

const mac = fc.nat({ max: 2 ** 48 - 1 }).map((n) => n as Mac);
const headers = underlayFrames().map((frame) => frame.slice(0, ethernetHeaderLength));

describeCodec(ethernetHeader, {
  samples: [...new Map(headers.map((bytes) => [toHex(bytes), bytes])).entries()]
    .slice(0, 12)
    .map(([name, bytes]) => ({ name, bytes })),
  arbitrary: fc.record({ destination: mac, source: mac, etherType: fc.nat({ max: 0xffff }) }),
});

describe('an Ethernet header', () => {
  it('is told in a line', () => {
    const value = { destination: 0xffff_ffff_ffff as Mac, source: 1 as Mac, etherType: 0x0806 };
    expect(ethernetHeader.describe(value)).toBe('00:00:00:00:00:01 → ff:ff:ff:ff:ff:ff ARP');
  });

  it('names the kinds that are known', () => {
    expect(etherTypeName(0x86dd)).toBe('IPv6');
    expect(etherTypeName(0x0012)).toBe('EtherType 0012');
  });
});
