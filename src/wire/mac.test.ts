import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { loadVectors } from '../../test/vectors/load.ts';
import {
  formatMac,
  parseAddress,
  parseMac,
  parseNetworkId,
  type Address,
  type NetworkId,
} from '../base/ids.ts';
import {
  addressOf,
  broadcastMac,
  firstOctet,
  isBroadcast,
  isMulticast,
  macMask,
  macOf,
  maskMac,
  unmaskMac,
} from './mac.ts';

const address = fc.maxSafeNat().map((n) => (n % 2 ** 40) as Address);
const network = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => n as NetworkId);

describe('the MAC of a member', () => {
  // vl2.md 1.1 (ad hoc) and 1.2; the second and third are in the capture.
  it.each([
    ['ec55b470bc5cfc31', '37039b0f95', '32:cb:5f:27:7f:21'],
    ['283c5bc4bcc3c8a8', 'bfb8eb1884', 'aa:77:7b:57:dc:df'],
    ['283c5bc4bcc3c8a8', '45ad10e047', 'aa:8d:6e:ac:24:1c'],
    ['ff00160016000000', '45ad10e047', '02:45:ad:06:e0:51'],
  ])('on %s of %s is %s', (networkText, addressText, macText) => {
    const networkId = parseNetworkId(networkText)!;
    const member = parseAddress(addressText)!;
    expect(formatMac(macOf(member, networkId))).toBe(macText);
    expect(addressOf(parseMac(macText)!, networkId)).toBe(member);
  });

  it('is that of the reference for all parties of the rule vectors', () => {
    type Party = { address: string; mac: string };
    const vectors = loadVectors<
      { network_id: string } & Record<'me' | 'peer' | 'third' | 'controller', Party>
    >('rules.json');
    const networkId = parseNetworkId(vectors.network_id)!;
    for (const party of [vectors.me, vectors.peer, vectors.third, vectors.controller])
      expect(macOf(parseAddress(party.address)!, networkId)).toBe(parseMac(party.mac));
  });

  it('gives the address back, and is a local unicast one', () => {
    fc.assert(
      fc.property(address, network, (member, networkId) => {
        const mac = macOf(member, networkId);
        expect(addressOf(mac, networkId)).toBe(member);
        expect(isMulticast(mac)).toBe(false);
        expect(Math.floor(mac / 2 ** 40)).toBe(firstOctet(networkId));
        expect(firstOctet(networkId) & 0x03).toBe(0x02);
        const mask = macMask(networkId);
        expect(maskMac(mask, member)).toBe(mac);
        expect(unmaskMac(mask, mac)).toBe(member);
      }),
    );
  });

  it('never begins with 52, which virtual machines have', () => {
    expect(firstOctet(0x50n as NetworkId)).toBe(0x32);
    expect(firstOctet(0x53n as NetworkId)).toBe(0x32);
    expect(firstOctet(0x30n as NetworkId)).toBe(0x32);
    expect(firstOctet(0xffffn as NetworkId)).toBe(0xfe);
  });

  it('is not what begins otherwise: that is behind a bridge', () => {
    expect(
      addressOf(parseMac('02:aa:bb:cc:dd:ee')!, parseNetworkId('283c5bc4bcc3c8a8')!),
    ).toBeNull();
    expect(addressOf(broadcastMac, parseNetworkId('283c5bc4bcc3c8a8')!)).toBeNull();
  });
});

describe('a MAC', () => {
  it('of a group has the lowest bit of its first octet set', () => {
    for (const text of ['ff:ff:ff:ff:ff:ff', '33:33:00:00:00:01', '01:00:5e:00:00:01'])
      expect(isMulticast(parseMac(text)!), text).toBe(true);
    for (const text of ['00:00:00:00:00:00', 'aa:77:7b:57:dc:df', '02:ff:ff:ff:ff:ff'])
      expect(isMulticast(parseMac(text)!), text).toBe(false);
  });

  it('of everybody is all ones', () => {
    expect(isBroadcast(broadcastMac)).toBe(true);
    expect(formatMac(broadcastMac)).toBe('ff:ff:ff:ff:ff:ff');
    expect(isBroadcast(parseMac('33:33:00:00:00:01')!)).toBe(false);
  });
});
