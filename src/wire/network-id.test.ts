import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatU64,
  parseAddress,
  parseNetworkId,
  type Address,
  type NetworkId,
} from '../base/ids.ts';
import { formatIpv4 } from './ip-address.ts';
import {
  adHocIpv4Address,
  adHocIpv4Id,
  adHocName,
  adHocPortsId,
  controllerOf,
  deviceName,
  isAdHoc,
  networkIdOf,
  networkKind,
  networkNumber,
} from './network-id.ts';

const id = (text: string): NetworkId => parseNetworkId(text)!;
const port = fc.nat({ max: 0xffff });

describe('the number of a network', () => {
  it('holds its controller and a number of 24 bits', () => {
    const networkId = id('283c5bc4bcc3c8a8');
    expect(controllerOf(networkId)).toBe(parseAddress('283c5bc4bc'));
    expect(networkNumber(networkId)).toBe(0xc3c8a8);
    expect(isAdHoc(networkId)).toBe(false);
    expect(networkKind(networkId)).toEqual({
      kind: 'controlled',
      controller: parseAddress('283c5bc4bc'),
      number: 0xc3c8a8,
    });
    expect(networkIdOf(parseAddress('283c5bc4bc')!, 0xc3c8a8)).toBe(networkId);
  });

  it('is ad hoc for ports with its low 24 bits zero', () => {
    const kind = networkKind(id('ff00160016000000'));
    expect(kind).toEqual({ kind: 'ad-hoc-ports', firstPort: 0x16, lastPort: 0x16 });
    expect(adHocName(kind)).toBe('adhoc-0016-0016');
    expect(networkKind(id('ff00170016000000'))).toEqual({
      kind: 'ad-hoc-invalid',
      firstPort: 0x17,
      lastPort: 0x16,
    });
    expect(adHocName(networkKind(id('ff00170016000000')))).toBeNull();
  });

  it('is ad hoc for IPv4 with its low byte 1', () => {
    const kind = networkKind(id('ff0a45ad10e04701'));
    expect(kind).toEqual({ kind: 'ad-hoc-ipv4', firstOctet: 10, hub: parseAddress('45ad10e047') });
    expect(adHocName(kind)).toBe('adhoc-10.0.0.0');
    expect(networkKind(id('ff0a000000000001'))).toMatchObject({ hub: null });
    expect(formatIpv4(adHocIpv4Address(10, parseAddress('45ad10e047')!))).toBe('10.16.224.71');
    expect(formatIpv4(adHocIpv4Address(255, parseAddress('45ad10e047')!))).toBe('255.16.224.71');
  });

  it('is of no use where it begins with ff and is neither', () => {
    for (const text of ['ff00160016000002', 'ffffffffffffffff', 'ff00160016000100'])
      expect(networkKind(id(text)), text).toEqual({ kind: 'ad-hoc-undefined' });
  });

  it('of an ad hoc network gives back what it was made of', () => {
    fc.assert(
      fc.property(port, port, fc.nat({ max: 255 }), fc.maxSafeNat(), (a, b, octet, n) => {
        const [firstPort, lastPort] = [Math.min(a, b), Math.max(a, b)];
        const ports = adHocPortsId(firstPort, lastPort);
        expect(networkKind(ports)).toEqual({ kind: 'ad-hoc-ports', firstPort, lastPort });
        const hub = n % 2 ** 40 === 0 ? null : ((n % 2 ** 40) as Address);
        const ipv4 = adHocIpv4Id(octet, hub);
        expect(networkKind(ipv4)).toEqual({ kind: 'ad-hoc-ipv4', firstOctet: octet, hub });
      }),
    );
    expect(formatU64(adHocPortsId(22, 22))).toBe('ff00160016000000');
  });
});

describe('the device of a network', () => {
  // vl2.md 1.1 and 1.3.
  it.each([
    ['283c5bc4bcc3c8a8', 'zt5sajqdau'],
    ['ff00160016000000', 'zt74lbmaaw'],
  ])('%s is called %s', (text, name) => {
    expect(deviceName(id(text))).toBe(name);
  });

  it('is called by the next name where that is taken', () => {
    expect(deviceName(id('283c5bc4bcc3c8a8'), 1)).toBe('zt5sajqdav');
    expect(deviceName(id('283c5bc4bcc3c8a8'), 26)).toBe('zt5sajqdbo');
    expect(deviceName(0xff_ffff_ffffn as NetworkId, 0)).toMatch(/^zt[a-z2-7]{8}$/);
  });

  it('goes on at the first name after the last', () => {
    // Low 40 bits all ones: the upper 24 bits are zero and so nothing is mixed into the lower.
    const last = 0xff_ffff_0000_0000n as NetworkId;
    expect(
      deviceName(last, Number((1n << 40n) - ((last ^ (last >> 24n)) & ((1n << 40n) - 1n)))),
    ).toBe('ztaaaaaaaa');
  });
});
