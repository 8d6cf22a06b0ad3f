import { describe, expect, it } from 'vitest';

import { loadVectors } from '../../test/vectors/load.ts';
import { ipEndpoint, nilInetAddress } from './inet-address.ts';
import { ipScopeRanks, isValidForPath, rateGateHash, scopeOf } from './ip-scope.ts';

const { scope } = loadVectors<{
  scope: { address: string; scope: number; rateGateHash: number; validForPath: boolean }[];
}>('inetaddress.json');

describe('the scope of an address', () => {
  it.each(scope)('$address has rank $scope and hash $rateGateHash', (row) => {
    const address = ipEndpoint(row.address, 9993)!;
    expect(ipScopeRanks[scopeOf(address)]).toBe(row.scope);
    expect(rateGateHash(address)).toBe(row.rateGateHash);
    expect(isValidForPath(address)).toBe(row.validForPath);
  });

  it('covers every rank that is used', () => {
    expect([...new Set(scope.map((row) => row.scope))].sort()).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });

  // From the text of vl1.md 2.14, where the vectors have no row.
  it.each([
    ['239.255.255.255', 'multicast'],
    ['254.255.255.255', 'pseudoprivate'],
    ['198.20.0.0', 'global'],
    ['fe80::1:0:0:1', 'link-local'],
    ['fe80::101', 'link-local'],
    ['::ffff:128.0.0.1', 'global'],
    ['::2', 'global'],
  ])('%s is %s', (text, expected) => {
    expect(scopeOf(ipEndpoint(text, 0)!)).toBe(expected);
  });

  it('of no address is none, and no path', () => {
    const opaque = { kind: 'opaque', type: 1, bytes: new Uint8Array(6) } as const;
    for (const address of [nilInetAddress, opaque]) {
      expect(scopeOf(address)).toBe('none');
      expect(isValidForPath(address)).toBe(false);
      expect(rateGateHash(address)).toBe(0);
    }
  });
});
