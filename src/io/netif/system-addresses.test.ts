import type { NetworkInterfaceInfo } from 'node:os';

import { describe, expect, it } from 'vitest';

import { addressesMax } from './port.ts';
import { systemAddresses, type AddressSources } from './system-addresses.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  ({ address, internal }) as NetworkInterfaceInfo;

function sources(interfaces: Record<string, NetworkInterfaceInfo[]>, inet6 = ''): AddressSources {
  return { interfaces: () => interfaces, inet6: () => inet6 };
}

const none = (): boolean => false;

describe('the addresses of the system', () => {
  it('are those of other interfaces than the loopback and the excluded ones, none link-local', () => {
    const interfaces = {
      lo: [info('127.0.0.1', true), info('::1', true)],
      eth0: [info('192.0.2.7'), info('2001:db8::7'), info('fe80::1234'), info('febf::1')],
      zt0: [info('10.147.17.9')],
    };
    expect(systemAddresses((device) => device.startsWith('zt'), sources(interfaces))).toEqual([
      { device: 'eth0', family: 'ipv4', ip: '192.0.2.7' },
      { device: 'eth0', family: 'ipv6', ip: '2001:db8::7' },
    ]);
  });

  it('leave out what is not ready on its device: tentative unless optimistic, or a duplicate', () => {
    const all = [1, 2, 3, 4, 5].map((n) => info(`2001:db8::${n}`));
    // As Linux 6.18 writes it: address, index, prefix length, scope, flags, device.
    const line = (n: number, flags: string, device = '    eth0'): string =>
      `20010db800000000000000000000000${n} 02 40 00 ${flags} ${device}`;
    const inet6 = [
      line(1, '80'),
      line(2, 'c0'),
      line(3, 'c4'),
      line(4, '88'),
      line(5, 'c0', '    eth1'),
      'garbage',
      '',
    ].join('\n');
    const found = systemAddresses(none, sources({ eth0: all }, inet6));
    expect(found.map(({ ip }) => ip)).toEqual(['2001:db8::1', '2001:db8::3', '2001:db8::5']);
  });

  it('are no more than a bound', () => {
    const many = Array.from({ length: addressesMax + 3 }, (_, i) => info(`10.0.0.${i}`));
    expect(systemAddresses(none, sources({ eth0: many }))).toHaveLength(addressesMax);
  });

  it('can be read here', () => {
    for (const { ip } of systemAddresses(none)) expect(ip).toMatch(/^[0-9a-f.:]+$/);
  });
});
