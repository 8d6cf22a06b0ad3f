import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../test/conformance/codec.ts';
import { hex, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { decode, encode, isDrop } from './codec.ts';
import {
  formatInetAddress,
  inetAddress,
  inetAddressLength,
  ipEndpoint,
  nilInetAddress,
  parseInetAddress,
  sameInetAddress,
  sameIp,
  type InetAddress,
} from './inet-address.ts';

const { serialize } = loadVectors<{ serialize: { address: string; hex: string }[] }>(
  'inetaddress.json',
);

const port = fc.nat({ max: 0xffff });
const ipAddress: fc.Arbitrary<InetAddress> = fc.oneof(
  fc.record({ kind: fc.constant('ipv4'), address: fc.nat({ max: 0xffff_ffff }), port }),
  fc.record({
    kind: fc.constant('ipv6'),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    port,
  }),
);
const anyAddress: fc.Arbitrary<InetAddress> = fc.oneof(
  fc.constant(nilInetAddress),
  ipAddress,
  fc.record({
    kind: fc.constant('opaque'),
    type: fc.constantFrom(1, 2),
    bytes: fc.uint8Array({ minLength: 6, maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant('opaque'),
    type: fc.constant(3),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
);

describeCodec(inetAddress, {
  samples: serialize.map(({ address, hex: text }) => ({
    name: address === '' ? 'nil' : address,
    bytes: hex(text),
  })),
  arbitrary: anyAddress,
});

describe('an address of the network below', () => {
  it.each(serialize)('of the bytes $hex is $address', ({ address, hex: text }) => {
    const value = parseInetAddress(address)!;
    expect(toHex(encode(inetAddress, value))).toBe(text);
    const decoded = decode(inetAddress, hex(text));
    expect(decoded).toEqual(value);
    if (!isDrop(decoded)) expect(formatInetAddress(decoded)).toBe(address);
  });

  it('has text that is read back', () => {
    fc.assert(
      fc.property(ipAddress, (address) => {
        expect(parseInetAddress(formatInetAddress(address))).toEqual(address);
      }),
    );
  });

  it('has a length that is known before it is written', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(inetAddressLength(address)).toBe(encode(inetAddress, address).length);
      }),
    );
  });

  it('is refused where its type is unknown', () => {
    for (const type of [5, 7, 8, 0xff]) {
      const bytes = new Uint8Array(20);
      bytes[0] = type;
      expect(decode(inetAddress, bytes)).toBe('bad-address-family');
    }
  });

  it('is kept where its type is read over', () => {
    const value = decode(inetAddress, hex('01010203040506'));
    expect(value).toEqual({ kind: 'opaque', type: 1, bytes: hex('010203040506') });
    expect(decode(inetAddress, hex('030002abcd'))).toEqual({
      kind: 'opaque',
      type: 3,
      bytes: hex('abcd'),
    });
    expect(decode(inetAddress, hex('030003abcd'))).toBe('truncated');
  });

  it('is not made of text that says anything else', () => {
    const wrong = ['10.0.0.1', '10.0.0.1/', '10.0.0.1/65536', '10.0.0.1/-1', '10.0.0.1/1/2', '/1'];
    for (const text of [...wrong, '10.0.0.1:9993', '::1/ 1', '::1/1e3', 'type 1 000000000000']) {
      expect(parseInetAddress(text), text).toBeNull();
    }
  });

  it('equals another in all its parts, or but for the port', () => {
    const texts = [
      '',
      '10.0.0.1/1',
      '10.0.0.1/2',
      '10.0.0.2/1',
      '::1/1',
      '::1/2',
      '::ffff:10.0.0.1/1',
    ];
    const opaque = ['01010203040506', '02010203040506', '01010203040507', '030000', '030001aa'];
    const addresses = [
      ...texts.map((text) => parseInetAddress(text)!),
      ...opaque.map((text) => decode(inetAddress, hex(text)) as InetAddress),
    ];
    for (const [i, a] of addresses.entries())
      for (const [j, b] of addresses.entries()) expect(sameInetAddress(a, b)).toBe(i === j);

    const ip = (text: string): InetAddress => parseInetAddress(text)!;
    expect(sameIp(ip('10.0.0.1/1'), ip('10.0.0.1/2'))).toBe(true);
    expect(sameIp(ip('::1/1'), ip('::1/2'))).toBe(true);
    expect(sameIp(ip('::1/1'), ip('::2/1'))).toBe(false);
    expect(sameIp(nilInetAddress, nilInetAddress)).toBe(false);
  });

  it('is put together of an IP address and a port', () => {
    expect(ipEndpoint('10.0.0.1', 9993)).toEqual(parseInetAddress('10.0.0.1/9993'));
    expect(ipEndpoint('fd00::1', 9993)).toEqual(parseInetAddress('fd00::1/9993'));
    expect(ipEndpoint('localhost', 9993)).toBeNull();
  });
});
