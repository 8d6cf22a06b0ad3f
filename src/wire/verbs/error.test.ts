import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedPayloads, hex } from '../../../test/vectors/load.ts';
import { decode, isDrop } from '../codec.ts';
import { error, errorCodes, errorName, type WireError } from './error.ts';

/** Made by hand from vl1 3.7: the codes that were not captured. */
const handMade: readonly (readonly [name: string, text: string])[] = [
  ['IDENTITY_COLLISION', '01 0011223344556677 04'],
  ['UNWANTED_MULTICAST', '0e 0011223344556677 08 283c5bc4bcc3c8a8 ffffffffffff 0a900023'],
  ['NETWORK_AUTHENTICATION_REQUIRED', '0b 0011223344556677 09 283c5bc4bcc3c8a8 0004 61563d30'],
  ['NETWORK_AUTHENTICATION_REQUIRED, short', '0b 0011223344556677 09 283c5bc4bcc3c8a8'],
  ['an unknown code', '0b 0011223344556677 0a 0102'],
];

const head = { inReVerb: values.u8, inRePacketId: values.packetId };
const { networkId } = values;

describeCodec<WireError>(error, {
  samples: [
    ...capturedPayloads('ERROR').slice(0, 2),
    ...handMade.map(([name, text]) => ({
      name: `made by hand: ${name}`,
      bytes: hex(text.replaceAll(' ', '')),
    })),
  ],
  arbitrary: fc.oneof(
    fc.record({
      ...head,
      code: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255),
      body: fc.constant({ kind: 'none' as const }),
    }),
    fc.record({
      ...head,
      code: fc.constantFrom(3, 5, 6, 7),
      body: fc.record({ kind: fc.constant('network' as const), networkId }),
    }),
    fc.record({
      ...head,
      code: fc.constant(8),
      body: fc.record({
        kind: fc.constant('multicast' as const),
        networkId,
        group: values.multicastGroup,
      }),
    }),
    fc.record({
      ...head,
      code: fc.constant(9),
      body: fc.record({
        kind: fc.constant('authentication' as const),
        networkId,
        authInfo: fc.option(values.bytes(40)),
      }),
    }),
    fc.record({
      ...head,
      code: fc.integer({ min: 10, max: 255 }),
      body: fc.record({
        kind: fc.constant('other' as const),
        data: fc.uint8Array({ minLength: 1, maxLength: 9 }),
      }),
    }),
  ),
});

describe('ERROR', () => {
  it('names the nine codes, and a number for others', () => {
    expect(Object.values(errorCodes)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(errorName(6)).toBe('NEED_MEMBERSHIP_CERTIFICATE');
    expect(errorName(0)).toBe('code 0x00');
  });

  it('may come without what its code comes with', () => {
    const value = decode(error, hex('04001122334455667703'));
    expect(isDrop(value) ? value : value.body).toEqual({ kind: 'none' });
  });

  it('has no more of an AuthInfo than 1.14.1 takes', () => {
    const start = hex('0b0011223344556677 09 283c5bc4bcc3c8a8'.replaceAll(' ', ''));
    const of = (length: number): Uint8Array =>
      Uint8Array.of(...start, length >> 8, length & 0xff, ...new Uint8Array(length));
    expect(isDrop(decode(error, of(8192)))).toBe(false);
    expect(decode(error, of(8193))).toBe('bad-dictionary');
  });
});
