import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { formatMac } from '../../base/ids.ts';
import { decode, isDrop } from '../codec.ts';
import { etherTypes } from './ethernet.ts';
import { linkAddress, neighbourMessage, type NeighbourMessage } from './ndp.ts';

const captured = virtualFrames()
  .filter(
    ({ etherType, bytes }) => etherType === etherTypes.ipv6 && [135, 136].includes(bytes[40]!),
  )
  .map(({ name, bytes }) => ({ name, bytes: bytes.slice(40) }));

const option = fc.record({
  type: fc.nat({ max: 0xff }),
  bytes: fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([units, bytes]) => bytes.slice(0, units * 8 - 2)),
});

describeCodec(neighbourMessage, {
  samples: captured,
  arbitrary: fc.record({
    kind: fc.constantFrom('solicitation', 'advertisement'),
    code: fc.nat({ max: 0xff }),
    checksum: fc.nat({ max: 0xffff }),
    flags: fc.nat({ max: 0xffff_ffff }),
    target: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    options: fc.array(option, { maxLength: 4 }),
  }),
});

describe('neighbour discovery', () => {
  const message = (frame: number): NeighbourMessage => {
    const value = decode(
      neighbourMessage,
      captured.find(({ name }) => name === `frame ${frame}`)!.bytes,
    );
    if (isDrop(value)) throw new Error(value);
    return value;
  };

  it('asks and answers in one line', () => {
    expect(neighbourMessage.describe(message(310))).toBe(
      'ICMPv6 neighbour solicitation for fe80::a88d:6eff:feac:241c',
    );
    expect(neighbourMessage.describe(message(314))).toBe(
      'ICMPv6 neighbour advertisement of fe80::a88d:6eff:feac:241c at aa:8d:6e:ac:24:1c',
    );
    expect(neighbourMessage.describe(message(338))).toBe(
      'ICMPv6 neighbour advertisement of fe80::a877:7bff:fe57:dcdf',
    );
  });

  it('tells the MAC of who asks and of who is asked for', () => {
    expect(formatMac(linkAddress(message(310))!)).toBe('aa:77:7b:57:dc:df');
    expect(formatMac(linkAddress(message(314))!)).toBe('aa:8d:6e:ac:24:1c');
    expect(linkAddress(message(338))).toBeNull();
    // Duplicate address detection carries a nonce, and no MAC.
    expect(message(91).options.map(({ type }) => type)).toEqual([14]);
    expect(linkAddress(message(91))).toBeNull();
  });

  it('is no frame with another type or an option of no length', () => {
    const { bytes } = captured[0]!;
    const changed = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = value;
      return copy;
    };
    expect(decode(neighbourMessage, changed(0, 128))).toBe('bad-frame');
    expect(decode(neighbourMessage, changed(25, 0))).toBe('bad-frame');
    expect(decode(neighbourMessage, changed(25, 2))).toBe('truncated');
    expect(decode(neighbourMessage, bytes.subarray(0, 23))).toBe('truncated');
  });
});
