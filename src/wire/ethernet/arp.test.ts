import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { hex } from '../../../test/vectors/load.ts';
import { toHex } from '../../base/bytes.ts';
import { parseMac, type Mac } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../codec.ts';
import { formatIpv4, parseIpv4 } from '../ip-address.ts';
import { arp, arpReply, arpRequestTarget, type ArpPacket } from './arp.ts';
import { etherTypes } from './ethernet.ts';

const captured = virtualFrames().filter(({ etherType }) => etherType === etherTypes.arp);
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffff_ffff });
const mac = fc.nat({ max: 2 ** 48 - 1 }).map((n) => n as Mac);

describeCodec(arp, {
  samples: captured.slice(0, 6).concat(captured.slice(-6)),
  arbitrary: fc.record({
    hardwareType: u16,
    protocolType: u16,
    operation: u16,
    senderMac: mac,
    senderIp: u32,
    targetMac: mac,
    targetIp: u32,
  }),
});

/** Capture frames 138 and 150: A asks for B's address, B answers. */
const request = hex('0001080006040001aa8d6eac241c0a9000430000000000000a900023');
const reply = hex('0001080006040002aa777b57dcdf0a900023aa8d6eac241c0a900043');

describe('ARP', () => {
  it('of all captured frames is written back byte for byte', () => {
    expect(captured).toHaveLength(31);
    for (const { name, bytes } of captured) {
      const value = decode(arp, bytes);
      if (isDrop(value)) expect.fail(`${name}: ${value}`);
      expect(toHex(encode(arp, value)), name).toBe(toHex(bytes));
    }
  });

  it('asks and answers in one line', () => {
    expect(arp.describe(decode(arp, request) as ArpPacket)).toBe(
      'ARP who has 10.144.0.35, asks 10.144.0.67',
    );
    expect(arp.describe(decode(arp, reply) as ArpPacket)).toBe(
      'ARP 10.144.0.35 is at aa:77:7b:57:dc:df',
    );
    expect(arp.describe({ ...(decode(arp, reply) as ArpPacket), operation: 9 })).toBe(
      'ARP operation 9 of 10.144.0.35',
    );
  });

  it('is answered as a real host answered', () => {
    const answer = arpReply(decode(arp, request) as ArpPacket, parseMac('aa:77:7b:57:dc:df')!);
    expect(toHex(encode(arp, answer))).toBe(toHex(reply));
  });

  it('has addresses of 6 and 4 bytes, or is no frame', () => {
    for (const [at, value] of [
      [4, 8],
      [5, 16],
    ] as const) {
      const changed = request.slice();
      changed[at] = value;
      expect(decode(arp, changed)).toBe('bad-frame');
    }
    expect(decode(arp, request.subarray(0, 27))).toBe('truncated');
  });
});

describe('the target of an ARP request', () => {
  it('is found in every captured request, and in no reply', () => {
    const targets = captured.map(({ bytes }) => arpRequestTarget(bytes, 0, bytes.length));
    expect(new Set(targets.filter((target) => target >= 0).map(formatIpv4))).toEqual(
      new Set(['10.144.0.35', '10.144.0.67', '10.144.0.200']),
    );
    for (const [i, { bytes }] of captured.entries())
      expect(targets[i]! >= 0).toBe((decode(arp, bytes) as ArpPacket).operation === 1);
  });

  it('may be any address, also in the middle of a buffer and before padding', () => {
    fc.assert(
      fc.property(u32, (target) => {
        const bytes = encode(arp, { ...(decode(arp, request) as ArpPacket), targetIp: target });
        const padded = new Uint8Array([1, 2, ...bytes, ...new Array<number>(18).fill(0)]);
        expect(arpRequestTarget(padded, 2, padded.length)).toBe(target);
      }),
    );
    expect(parseIpv4('255.255.255.255')).toBe(0xffff_ffff);
  });

  it('is not looked for past the end', () => {
    expect(arpRequestTarget(request, 0, 27)).toBe(-1);
    expect(arpRequestTarget(request, 1, 28)).toBe(-1);
    expect(arpRequestTarget(request, 28, 28)).toBe(-1);
  });
});
