/** What a network may do to this machine. */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Mac, NetworkId } from '../base/ids.ts';
import type { IpPrefix, Route, TapState } from '../core/ports.ts';
import {
  allowedState,
  defaultPermissions,
  formatPermissions,
  managedRouteMetric,
  parsePermissions,
  type NetworkPermissions,
} from './managed-state.ts';

const prefix = (text: string): IpPrefix => {
  const [ip = '', bits] = text.split('/');
  return { ip, bits: Number(bits) };
};
const route = (target: string, via: string | null = null): Route => ({
  target: prefix(target),
  via,
  metric: 0,
});
const state = (addresses: readonly string[], routes: readonly Route[] = []): TapState => ({
  networkId: 1n as NetworkId,
  mac: 1 as Mac,
  mtu: 2800,
  addresses: addresses.map(prefix),
  routes,
  dnsDomain: 'lab.test',
  dnsServers: ['10.0.0.1'],
  deviceName: 'zt',
});
/** Addresses and targets that are left. */
const left = (given: TapState, permissions: Partial<NetworkPermissions> = {}): string[] => {
  const allowed = allowedState(given, { ...defaultPermissions, ...permissions });
  return [...allowed.addresses, ...allowed.routes.map(({ target }) => target)].map(
    ({ ip, bits }) => `${ip}/${bits}`,
  );
};

const privates = ['10.144.0.35/24', 'fd28:3c5b:c4bc:c3c8:a899:93bf:b8eb:1884/88', 'fc94::1/40'];

describe('the file of permissions', () => {
  it('is read as it was written, in the form of the official service', () => {
    expect(formatPermissions(defaultPermissions)).toBe(
      'allowManaged=1\nallowGlobal=0\nallowDefault=0\nallowDNS=0\n',
    );
    const flags = { allowGlobal: true, allowDefault: true, allowDNS: true };
    for (const allowManaged of [
      true,
      false,
      [prefix('10.0.0.0/8'), prefix('fd00::/8')],
      // No longer than a boolean in words.
      [prefix('::/0')],
    ]) {
      const permissions = { ...flags, allowManaged };
      const again = parsePermissions(formatPermissions(permissions));
      const once = (list: NetworkPermissions['allowManaged']): unknown =>
        typeof list === 'boolean' ? list : [...new Set(list.map((each) => JSON.stringify(each)))];
      expect({ ...again, allowManaged: once(again.allowManaged) }).toEqual({
        ...permissions,
        allowManaged: once(allowManaged),
      });
    }
  });
});

describe('what a network may do to a machine', () => {
  it('is to give it private addresses, with its defaults', () => {
    expect(left(state(privates))).toEqual(privates);
    expect(left(state(['100.64.0.1/10']))).toHaveLength(1);
  });

  it('is never to give it loopback, link-local or multicast ones', () => {
    const odd = ['127.0.0.2/8', '169.254.1.1/16', 'fe80::2/64', '224.0.0.5/4', 'ff02::1/16'];
    expect(left(state(odd), { allowGlobal: true, allowDefault: true })).toEqual([]);
  });

  it('is to take its traffic only where that was allowed', () => {
    const routes = [route('0.0.0.0/0', '10.0.0.1'), route('::/0', 'fd00::1')];
    const given = state(['10.0.0.2/24', 'fd00::2/64'], routes);
    expect(left(given)).toHaveLength(2);
    expect(left(given, { allowDefault: true })).toHaveLength(4);
    const halves = state(['10.0.0.2/24'], [route('0.0.0.0/1', '10.0.0.1'), route('128.0.0.0/1')]);
    expect(left(halves)).toHaveLength(1);
    const global = state(['10.0.0.2/24', '8.8.8.8/32'], [route('1.1.1.0/24', '10.0.0.1')]);
    expect(left(global)).toHaveLength(1);
    expect(left(global, { allowGlobal: true })).toHaveLength(3);
  });

  it('is to add routes that lead somewhere, behind those of the machine', () => {
    const given = state(
      ['10.0.0.2/24'],
      [
        route('172.16.0.0/16', '10.0.0.1'),
        route('172.17.0.0/16', '10.0.0.2'),
        route('fd00::/8', 'fd00::1'),
      ],
    );
    expect(allowedState(given, defaultPermissions).routes).toEqual([
      { ...route('172.16.0.0/16', '10.0.0.1'), metric: managedRouteMetric },
    ]);
  });

  it('is nothing, or what lies in a list, where the operator says so', () => {
    expect(left(state(privates), { allowManaged: false })).toEqual([]);
    const allowManaged = [prefix('10.144.0.0/16'), prefix('fc00::/7')];
    expect(left(state(privates), { allowManaged })).toEqual(privates);
    expect(left(state(privates), { allowManaged: allowManaged.slice(0, 1) })).toEqual(
      privates.slice(0, 1),
    );
    expect(left(state(['10.144.0.35/8']), { allowManaged })).toEqual([]);
  });

  it('is to name its name servers only where that was allowed', () => {
    expect(allowedState(state([]), defaultPermissions).dnsServers).toEqual([]);
    const permissions = { ...defaultPermissions, allowDNS: true };
    expect(allowedState(state([]), permissions).dnsDomain).toBe('lab.test');
  });
});

describe('the file of what is allowed', () => {
  it('of the official service is read', () => {
    const name = 'home/A.networks.d.283c5bc4bcc3c8a8.local.conf';
    const file = new URL(`../../test/vectors/captures/${name}`, import.meta.url);
    expect(parsePermissions(readFileSync(file, 'latin1'))).toEqual({
      ...defaultPermissions,
      allowDNS: true,
    });
  });

  it('may list networks, and lacks what is not understood', () => {
    expect(parsePermissions('')).toEqual(defaultPermissions);
    expect(parsePermissions('allowManaged=0\nallowDefault=true\nx\n=')).toEqual({
      ...defaultPermissions,
      allowManaged: false,
      allowDefault: true,
    });
    expect(
      parsePermissions('allowManaged=10.0.0.0/8, fd00::/8,10.0.0.0/33,x').allowManaged,
    ).toEqual([prefix('10.0.0.0/8'), prefix('fd00::/8')]);
  });
});
