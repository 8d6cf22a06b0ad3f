import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toHex } from '../base/bytes.ts';
import { hex } from '../../test/vectors/load.ts';
import {
  formatIpv4,
  formatIpv6,
  isInIpv4Prefix,
  isInIpv6Prefix,
  parseIpv4,
  parseIpv6,
} from './ip-address.ts';

const ipv4 = fc.nat({ max: 0xffff_ffff });
/** Groups are often zero, so that every place and length of a gap comes up. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat({ max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => hex(groups.map((group) => group.toString(16).padStart(4, '0')).join('')));

describe('the text of an IPv4 address', () => {
  it('is read back', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
    );
  });

  it('has the most significant octet first', () => {
    expect(formatIpv4(0xff000102)).toBe('255.0.1.2');
    expect(parseIpv4('203.0.113.5')).toBe(0xcb007105);
  });

  it('is four decimal numbers to 255 without leading zeros, and nothing else', () => {
    const wrong = ['', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', '1.2.3.-4'];
    for (const text of [...wrong, '0x1.2.3.4', '1..2.3', '1.2.3.1000']) {
      expect(parseIpv4(text), text).toBeNull();
    }
  });
});

describe('the text of an IPv6 address', () => {
  it('is read back', () => {
    fc.assert(
      fc.property(ipv6, (address) => {
        expect(toHex(parseIpv6(formatIpv6(address))!)).toBe(toHex(address));
      }),
    );
  });

  // The examples of RFC 5952 sections 1 to 5 and the edges of a gap.
  it.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8aaaabbbbccccddddeeee0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['00010000000000000000000000000000', '1::'],
    ['00000001000000000000000000000000', '0:1::'],
    ['00000000000000000000000000010000', '::1:0'],
    ['00000000000000000000ffff01020304', '::ffff:1.2.3.4'],
    ['00000000000000000000000001020304', '::102:304'],
  ])('%s is written %s', (bytes, text) => {
    expect(formatIpv6(hex(bytes))).toBe(text);
    expect(toHex(parseIpv6(text)!)).toBe(bytes);
  });

  it('is written from any place in a buffer', () => {
    expect(formatIpv6(hex('ffff20010db8000000000000000000000001ffff'), 2)).toBe('2001:db8::1');
  });

  it('is read in forms that are not written', () => {
    for (const text of ['2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8:0:0::1']) {
      expect(formatIpv6(parseIpv6(text)!), text).toBe('2001:db8::1');
    }
    expect(formatIpv6(parseIpv6('64:ff9b::192.0.2.33')!)).toBe('64:ff9b::c000:221');
    expect(formatIpv6(parseIpv6('1:2:3:4:5:6:7.8.9.10')!)).toBe('1:2:3:4:5:6:708:90a');
    expect(formatIpv6(parseIpv6('::2:3:4:5:6:7:8')!)).toBe('0:2:3:4:5:6:7:8');
  });

  it('is nothing else', () => {
    const wrong = [
      '',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      'g::',
    ];
    const more = ['1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8', '1.2.3.4::', '::1.2.3', ':1::', '1:'];
    for (const text of [...wrong, ...more, 'fe80::1%eth0', ' ::1', '::1.2.3.4:5', ':'.repeat(99)]) {
      expect(parseIpv6(text), text).toBeNull();
    }
  });
});

describe('a prefix', () => {
  it('holds what begins with its bits', () => {
    const ip = parseIpv4('10.20.30.40')!;
    expect(isInIpv4Prefix(ip, parseIpv4('10.20.0.0')!, 16)).toBe(true);
    expect(isInIpv4Prefix(ip, parseIpv4('10.21.0.0')!, 16)).toBe(false);
    expect(isInIpv4Prefix(ip, parseIpv4('10.20.30.42')!, 31)).toBe(false);
    expect(isInIpv4Prefix(ip, ip, 32)).toBe(true);
    expect(isInIpv4Prefix(ip, 0, 0)).toBe(true);
    expect(isInIpv4Prefix(0xffff_ffff, 0x8000_0000, 1)).toBe(true);
  });

  it('is told as comparing the bits one by one tells', () => {
    const bitsOf = (ip: Uint8Array, count: number): string =>
      Array.from(ip, (byte) => byte.toString(2).padStart(8, '0'))
        .join('')
        .slice(0, count);
    fc.assert(
      fc.property(ipv6, fc.nat({ max: 127 }), fc.nat({ max: 128 }), (address, flipped, bits) => {
        const prefix = address.slice();
        prefix[flipped >> 3]! ^= 0x80 >> (flipped & 7);
        const expected = bitsOf(address, bits) === bitsOf(prefix, bits);
        expect(isInIpv6Prefix(address, prefix, bits)).toBe(expected);
        const longer = new Uint8Array([9, ...address]);
        expect(isInIpv6Prefix(longer, prefix, bits, 1)).toBe(expected);
      }),
    );
  });
});
