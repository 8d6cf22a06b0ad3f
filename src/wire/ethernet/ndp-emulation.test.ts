import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { virtualFrames } from '../../../test/vectors/captured-frames.ts';
import { toHex } from '../../base/bytes.ts';
import { formatMac, parseAddress, parseMac, parseNetworkId, type Address } from '../../base/ids.ts';
import { decode } from '../codec.ts';
import { parseInetAddress, type InetAddress } from '../inet-address.ts';
import { parseIpv6 } from '../ip-address.ts';
import { macOf } from '../mac.ts';
import { memberIp } from '../member-ip.ts';
import { internetChecksum, ipv6PseudoSum } from './checksum.ts';
import { ipv6Header, type Ipv6Header } from './ipv6.ts';
import { linkAddress, neighbourMessage, type NeighbourMessage } from './ndp.ts';
import {
  answerSolicitation,
  emulatedNeighbour,
  forgeNeighbourAdvertisement,
  solicitedTargetAt,
} from './ndp-emulation.ts';

const networkId = parseNetworkId('283c5bc4bcc3c8a8')!;
const a = parseAddress('45ad10e047')!;
const b = parseAddress('bfb8eb1884')!;
/** The addresses that the controller gave to A. */
const own = [
  'fd28:3c5b:c4bc:c3c8:a899:9345:ad10:e047/88',
  'fc94:ff93:6c45:ad10:e047::1/40',
  '10.144.0.67/24',
].map((text) => parseInetAddress(text)!);

const frame = (number: number): Uint8Array =>
  virtualFrames().find(({ name }) => name === `frame ${number}`)!.bytes;

/** A's host asks for an address: the real solicitation of frame 310 with another target. */
const solicitationOf = (target: string): Uint8Array => {
  const bytes = frame(310).slice();
  bytes.set(parseIpv6(target)!, 48);
  return bytes;
};
const answer = (bytes: Uint8Array): ReturnType<typeof answerSolicitation> =>
  answerSolicitation(networkId, a, own, bytes, 0, bytes.length);

describe('a forged neighbour advertisement', () => {
  it('is byte for byte what a real host sends', () => {
    const forged = forgeNeighbourAdvertisement(
      parseIpv6('fe80::a88d:6eff:feac:241c')!,
      parseIpv6('fe80::a877:7bff:fe57:dcdf')!,
      parseMac('aa:8d:6e:ac:24:1c')!,
    );
    expect(toHex(forged)).toBe(toHex(frame(314)));
  });

  it('has a right checksum for any address', () => {
    const ip = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(ip, ip, fc.nat({ max: 2 ** 40 - 1 }), (target, destination, n) => {
        const mac = macOf(n as Address, networkId);
        const packet = forgeNeighbourAdvertisement(target, destination, mac);
        expect(packet).toHaveLength(72);
        expect(internetChecksum(packet, 40, 72, ipv6PseudoSum(packet, 8, 32, 58))).toBe(0);
        const message = decode(neighbourMessage, packet.subarray(40)) as NeighbourMessage;
        expect(linkAddress(message)).toBe(mac);
      }),
    );
  });
});

describe('a neighbour solicitation', () => {
  it.each([
    ['fd28:3c5b:c4bc:c3c8:a899:93bf:b8eb:1884', 'fd28:3c5b:c4bc:c3c8:a899:9345:ad10:e047'],
    ['fc94:ff93:6cbf:b8eb:1884::1', 'fc94:ff93:6c45:ad10:e047::1'],
    ['fc94:ff93:6cbf:b8eb:1884:1:2:3', 'fc94:ff93:6c45:ad10:e047::1'],
  ])('for %s is answered in the name of B to %s', (target, destination) => {
    const forged = answer(solicitationOf(target))!;
    expect(formatMac(forged.source)).toBe('aa:77:7b:57:dc:df');
    const header = decode(ipv6Header, forged.packet.subarray(0, 40)) as Ipv6Header;
    expect(header.source).toEqual(parseIpv6(target));
    expect(header.destination).toEqual(parseIpv6(destination));
    expect(header.hopLimit).toBe(255);
    const message = decode(neighbourMessage, forged.packet.subarray(40)) as NeighbourMessage;
    expect(message.target).toEqual(parseIpv6(target));
    expect(linkAddress(message)).toBe(forged.source);
  });

  it('for an address of our own goes to the others: is it taken?', () => {
    // The real duplicate address detection of A (679) and B (91).
    expect(answer(frame(679))).toBeNull();
    expect(answerSolicitation(networkId, b, own, frame(91), 0, frame(91).length)).toBeNull();
    expect(answer(frame(91))).not.toBeNull();
  });

  it('for an address that names no member goes to the others', () => {
    for (const target of [
      'fe80::1',
      'fd28:3c5b:c4bc:c3c8:a999:93bf:b8eb:1884',
      'fc95:ff93:6cbf::1',
    ])
      expect(answer(solicitationOf(target)), target).toBeNull();
  });

  it('is found by its place alone, in the middle of a buffer and before padding', () => {
    const bytes = solicitationOf('fc94:ff93:6cbf:b8eb:1884::1');
    const padded = new Uint8Array([1, 2, 3, ...bytes, 9, 9]);
    expect(solicitedTargetAt(padded, 3, padded.length)).toBe(3 + 48);
    expect(answerSolicitation(networkId, a, own, padded, 3, padded.length)?.packet).toEqual(
      answer(bytes)?.packet,
    );
  });

  it('is 64 bytes of IPv6 with ICMPv6 right behind the header', () => {
    const bytes = frame(310);
    expect(solicitedTargetAt(bytes, 0, 64)).toBe(48);
    expect(solicitedTargetAt(bytes, 0, 63)).toBe(-1);
    expect(solicitedTargetAt(frame(314), 0, 72)).toBe(-1);
    const behindExtension = bytes.slice();
    behindExtension[6] = 0;
    expect(solicitedTargetAt(behindExtension, 0, bytes.length)).toBe(-1);
  });
});

describe('an emulated neighbour', () => {
  const target = memberIp('6plane', networkId, b);
  const from = (...texts: string[]): InetAddress[] => texts.map((text) => parseInetAddress(text)!);

  it('is seen only from an address with the prefix of a member', () => {
    expect(emulatedNeighbour(networkId, own, target)).toEqual({
      member: b,
      own: parseIpv6('fc94:ff93:6c45:ad10:e047::1'),
    });
    const others = ['fc94:ff93:6c45:ad10:e047::1/80', 'fc94:ff93:6c45:ad10:e047::1/65535'];
    expect(emulatedNeighbour(networkId, from(...others, '252.148.255.147/40'), target)).toBeNull();
    expect(emulatedNeighbour(networkId, [], target)).toBeNull();
  });

  it('is not seen from the 6PLANE address of another network', () => {
    const other = parseNetworkId('283c5bc4bcc3c8a9')!;
    expect(emulatedNeighbour(other, own, target)).toBeNull();
  });

  it('is seen from any address that has the form of RFC 4193 members', () => {
    const wanted = parseIpv6('fd00::1:99:93bf:b8eb:1884')!;
    const addresses = from('fd00::1:99:9345:ad10:e047/88');
    expect(emulatedNeighbour(networkId, addresses, wanted)?.member).toBe(b);
    const otherForm = from('fd00::1:99:9245:ad10:e047/88');
    expect(
      emulatedNeighbour(networkId, otherForm, parseIpv6('fd00::1:99:92bf:b8eb:1884')!),
    ).toBeNull();
  });
});
