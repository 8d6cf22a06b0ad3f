/** Who is counted as one. */
import { expect, it } from 'vitest';

import { networkOf } from './tries.ts';

it('counts an address of IPv4 by itself, however the socket has it', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('')).toBe('');
});

it('counts all addresses of a /64 as one', () => {
  for (const address of ['2001:db8:0:1::', '2001:db8::1:0:0:0:1', '2001:DB8:0:1:2:3:4:5'])
    expect(networkOf(address), address).toBe('2001:db8:0:1::/64');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
});
