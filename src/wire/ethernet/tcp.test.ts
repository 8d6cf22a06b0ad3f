import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { hex } from '../../../test/vectors/load.ts';
import { decode, type Decoded } from '../codec.ts';
import { tcpHeader, type TcpHeader } from './tcp.ts';

const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffff_ffff });

/** Made by hand: the captures have no TCP. */
const syn = hex('c0010050000000010000000060022000abcd0000020405b4');

describeCodec(tcpHeader, {
  samples: [
    { name: 'of test/vectors/rules.json', bytes: hex('0005005000000001000000005002200000000000') },
    { name: 'SYN with a maximum segment size', bytes: syn },
  ],
  arbitrary: fc.record({
    sourcePort: u16,
    destinationPort: u16,
    sequence: u32,
    acknowledged: u32,
    flags: fc.nat({ max: 0xfff }),
    window: u16,
    checksum: u16,
    urgent: u16,
    options: fc
      .uint8Array({ maxLength: 43 })
      .map((bytes) => bytes.slice(0, bytes.length - (bytes.length % 4))),
  }),
});

describe('a TCP header', () => {
  const parse = (bytes: Uint8Array): Decoded<TcpHeader> => decode(tcpHeader, bytes);
  const withLengthAndFlags = (value: number): Uint8Array => {
    const bytes = syn.slice();
    bytes[12] = value >> 8;
    bytes[13] = value & 0xff;
    return bytes;
  };

  it('tells its ports and flags', () => {
    expect(tcpHeader.describe(parse(syn) as TcpHeader)).toBe('TCP 49153 → 80 SYN');
    expect(tcpHeader.toJson(parse(withLengthAndFlags(0x61ff)) as TcpHeader)).toMatchObject({
      flags: ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'],
      options: '020405b4',
    });
    expect(tcpHeader.describe(parse(withLengthAndFlags(0x6000)) as TcpHeader)).toBe(
      'TCP 49153 → 80',
    );
  });

  it('is at least 20 bytes long, and all there', () => {
    expect(parse(withLengthAndFlags(0x4002))).toBe('bad-frame');
    expect(parse(withLengthAndFlags(0x7002))).toBe('truncated');
    expect(parse(withLengthAndFlags(0x5002))).toBe('trailing-bytes');
  });
});
