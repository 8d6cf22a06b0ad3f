import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseAddress, type Address, type PacketId } from '../../base/ids.ts';
import { capturedRecords, hex } from '../../../test/vectors/load.ts';
import { capturedRecording } from '../../../test/vectors/datagrams.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  flagsAt,
  headerLength,
  hopsAt,
  incrementHops,
  isCompressedAt,
  isFragmentedAt,
  packetIdAt,
  packetIdHighAt,
  packetIdLowAt,
  setCipherSuite,
  setCompressed,
  sourceAt,
  verbAt,
  writeHeader,
} from './header.ts';

const address: fc.Arbitrary<Address> = fc.nat(0xff_ffff_fffe).map((value) => value as Address);
const header = fc.record({
  packetId: fc.bigInt(0n, 0xffff_ffff_ffff_ffffn).map((value) => value as PacketId),
  destination: address,
  source: address,
  verb: fc.nat(31),
  fragmented: fc.boolean(),
});

describe('the header of a packet', () => {
  it('of every captured packet has the fields that an independent decoder found', () => {
    const records = new Map(capturedRecords().map((record) => [record.frame, record]));
    let packets = 0;
    for (const { number, bytes } of capturedRecording().datagrams) {
      const record = records.get(number);
      if (classify(bytes, 0, bytes.length) !== 'packet' || record?.src === undefined) continue;
      packets++;
      const at = `frame ${number}`;
      expect(packetIdAt(bytes, 0), at).toBe(BigInt(`0x${record.id}`));
      expect(sourceAt(bytes, 0), at).toBe(parseAddress(record.src));
      expect(destinationAt(bytes, 0), at).toBe(parseAddress(record.dst));
      expect(hopsAt(bytes, 0), at).toBe(record.hops);
      expect(cipherSuiteAt(bytes, 0), at).toBe(record.cipher);
    }
    expect(packets).toBeGreaterThan(600);
  });

  it('is read as it was written, anywhere in a buffer, and nothing around it changes', () => {
    fc.assert(
      fc.property(header, fc.nat(40), (given, start) => {
        const bytes = new Uint8Array(start + headerLength + 5).fill(0xee);
        writeHeader(bytes, start, given);
        expect(bytes.subarray(0, start).every((byte) => byte === 0xee)).toBe(true);
        expect(bytes.subarray(start + headerLength).every((byte) => byte === 0xee)).toBe(true);
        expect(packetIdAt(bytes, start)).toBe(given.packetId);
        expect(packetIdHighAt(bytes, start)).toBe(Number(given.packetId >> 32n));
        expect(packetIdLowAt(bytes, start)).toBe(Number(given.packetId & 0xffff_ffffn));
        expect(destinationAt(bytes, start)).toBe(given.destination);
        expect(sourceAt(bytes, start)).toBe(given.source);
        expect(verbAt(bytes, start)).toBe(given.verb);
        expect(isFragmentedAt(bytes, start)).toBe(given.fragmented);
        expect(isCompressedAt(bytes, start)).toBe(false);
        expect(hopsAt(bytes, start)).toBe(0);
      }),
    );
  });

  it.each([
    [0, 0x00],
    [1, 0x88],
    [2, 0x10],
    [3, 0x18],
  ])('has in suite %i the flags that vl1 2.2 names', (suite, flags) => {
    const bytes = new Uint8Array(headerLength);
    setCipherSuite(bytes, 0, suite);
    expect(flagsAt(bytes, 0)).toBe(flags);
  });

  it('keeps fragment flag and hops when its suite changes', () => {
    for (let flags = 0; flags < 256; flags++)
      for (const suite of [0, 1, 3]) {
        const bytes = new Uint8Array(headerLength).fill(flags);
        setCipherSuite(bytes, 0, suite);
        expect(cipherSuiteAt(bytes, 0)).toBe(suite);
        expect(flagsAt(bytes, 0) & 0x47).toBe(flags & 0x47);
        expect((flagsAt(bytes, 0) & 0x80) !== 0).toBe(suite === 1);
      }
  });

  it('counts hops in three bits and leaves the others', () => {
    for (let flags = 0; flags < 256; flags++) {
      const bytes = new Uint8Array(headerLength).fill(flags);
      if ((flags & 7) === 7)
        expect(() => {
          incrementHops(bytes, 0);
        }).toThrow('hops');
      else {
        incrementHops(bytes, 0);
        expect(hopsAt(bytes, 0)).toBe((flags & 7) + 1);
        expect(flagsAt(bytes, 0) & 0xf8).toBe(flags & 0xf8);
      }
    }
  });

  it('keeps the verb when the mark of compression changes', () => {
    const bytes = new Uint8Array(headerLength);
    bytes[27] = 0x14;
    setCompressed(bytes, 0, true);
    expect([bytes[27], verbAt(bytes, 0), isCompressedAt(bytes, 0)]).toEqual([0x94, 0x14, true]);
    setCompressed(bytes, 0, false);
    expect(bytes[27]).toBe(0x14);
  });
});

describe('a datagram', () => {
  it('is classified by its length and its 14th byte', () => {
    for (let length = 0; length <= 10_030; length++) {
      const bytes = new Uint8Array(length);
      expect(classify(bytes, 0, length)).toBe(
        length === 13 ? 'beacon' : length < 28 || length > 10_024 ? 'not-a-packet' : 'packet',
      );
      if (length < 14) continue;
      bytes[13] = 0xff;
      expect(classify(bytes, 0, length)).toBe(
        length < 17 || length > 10_024 ? 'not-a-packet' : 'fragment',
      );
    }
  });

  it('is classified within its range only', () => {
    const bytes = hex('00'.repeat(13) + 'ff'.repeat(40));
    expect(classify(bytes, 0, 13)).toBe('beacon');
    expect(classify(bytes, 0, 17)).toBe('fragment');
    expect(classify(bytes, 1, 14)).toBe('beacon');
  });
});
