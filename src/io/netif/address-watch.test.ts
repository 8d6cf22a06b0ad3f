import type { NetworkInterfaceInfo } from 'node:os';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ffiError } from '../../sys/ffi/errors.ts';
import { watchAddresses } from './address-watch.ts';
import { MemoryInterfaces } from './memory-netif.ts';
import type { AddressWatchOptions, InterfaceAddress } from './port.ts';

const info = (address: string): NetworkInterfaceInfo =>
  ({ address, internal: false }) as NetworkInterfaceInfo;
const seen = (changes: (readonly InterfaceAddress[])[]): AddressWatchOptions => ({
  isExcluded: (device) => device === 'zt0',
  onChange: (addresses) => changes.push(addresses),
});

describe('the watch of addresses where the kernel does not tell', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('looks every 2 s, tells of changes only, and ends', () => {
    const changes: (readonly InterfaceAddress[])[] = [];
    let ips = ['10.0.0.1'];
    const watch = watchAddresses(seen(changes), {
      libc: () => {
        throw ffiError('FFI_UNAVAILABLE', 'no koffi', { remedy: 'install it' });
      },
      addresses: { interfaces: () => ({ eth0: ips.map(info) }), inet6: () => '' },
    });
    expect(watch.addresses.map(({ ip }) => ip)).toEqual(['10.0.0.1']);
    vi.advanceTimersByTime(10_000);
    expect(changes).toEqual([]);
    ips = ['10.0.0.1', '10.0.0.2'];
    vi.advanceTimersByTime(2_000);
    expect(changes.map((list) => list.map(({ ip }) => ip))).toEqual([['10.0.0.1', '10.0.0.2']]);
    watch.close();
    ips = [];
    vi.advanceTimersByTime(10_000);
    expect(changes).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('interfaces inside the process', () => {
  const of = (device: string, ip: string): InterfaceAddress => ({ device, family: 'ipv4', ip });

  it('tell of changes of what is not excluded', () => {
    const machine = new MemoryInterfaces([of('eth0', '10.0.0.1')]);
    const changes: (readonly InterfaceAddress[])[] = [];
    const watch = machine.watchAddresses(seen(changes));
    machine.setAddresses([of('eth0', '10.0.0.1'), of('zt0', '10.9.0.1')]);
    expect(changes).toEqual([]);
    machine.setAddresses([of('eth0', '10.0.0.2')]);
    expect(changes).toEqual([[of('eth0', '10.0.0.2')]]);
    watch.close();
    machine.setAddresses([]);
    expect(changes).toHaveLength(1);
    expect(watch.addresses).toEqual([of('eth0', '10.0.0.2')]);
  });
});
