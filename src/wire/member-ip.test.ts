import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseAddress, parseNetworkId, type Address, type NetworkId } from '../base/ids.ts';
import { formatIpv6, parseIpv6 } from './ip-address.ts';
import { memberIp, memberIpPrefix, memberOfIp } from './member-ip.ts';

const networkId = parseNetworkId('283c5bc4bcc3c8a8')!;

describe('the IPv6 address of a member', () => {
  // README of the captures; the ad hoc one is from vl2.md 1.1.
  it.each([
    ['rfc4193', '283c5bc4bcc3c8a8', '45ad10e047', 'fd28:3c5b:c4bc:c3c8:a899:9345:ad10:e047'],
    ['rfc4193', '283c5bc4bcc3c8a8', 'bfb8eb1884', 'fd28:3c5b:c4bc:c3c8:a899:93bf:b8eb:1884'],
    ['6plane', '283c5bc4bcc3c8a8', '45ad10e047', 'fc94:ff93:6c45:ad10:e047::1'],
    ['6plane', '283c5bc4bcc3c8a8', 'bfb8eb1884', 'fc94:ff93:6cbf:b8eb:1884::1'],
    ['6plane', 'ff00160016000000', '45ad10e047', 'fce9:16:45:ad10:e047::1'],
  ] as const)('by %s on %s of %s is %s', (mode, networkText, addressText, ip) => {
    const network = parseNetworkId(networkText)!;
    const member = parseAddress(addressText)!;
    expect(formatIpv6(memberIp(mode, network, member))).toBe(ip);
    expect(memberOfIp(mode, network, parseIpv6(ip)!)).toBe(member);
  });

  it('begins as all those of the network do', () => {
    expect(formatIpv6(memberIpPrefix('rfc4193', networkId))).toBe(
      'fd28:3c5b:c4bc:c3c8:a899:9300::',
    );
    expect(formatIpv6(memberIpPrefix('6plane', networkId))).toBe('fc94:ff93:6c00::');
  });

  it('names the member, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rfc4193', '6plane'),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.nat({ max: 2 ** 40 - 1 }),
        (mode, network, member) => {
          const ip = memberIp(mode, network as NetworkId, member as Address);
          const inside = new Uint8Array([1, 2, 3, ...ip]);
          expect(memberOfIp(mode, network as NetworkId, inside, 3)).toBe(member);
        },
      ),
    );
  });

  it('names nobody on another network, and a whole /80 of 6PLANE names one', () => {
    const ip = parseIpv6('fc94:ff93:6c45:ad10:e047:1:2:3')!;
    expect(memberOfIp('6plane', networkId, ip)).toBe(parseAddress('45ad10e047'));
    expect(memberOfIp('6plane', parseNetworkId('283c5bc4bcc3c8a9')!, ip)).toBeNull();
    expect(memberOfIp('rfc4193', networkId, ip)).toBeNull();
  });
});
