import { describe, expect, it } from 'vitest';

import { EndpointTable, endpointsMax } from './endpoint.ts';

/** The 16 bytes of the n-th address of fd00::/64. */
function ipv6(n: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[0] = 0xfd;
  new DataView(bytes.buffer).setUint32(12, n);
  return bytes;
}

describe('endpoints', () => {
  it('are the same object for the same bytes, and have a text that tells them apart', () => {
    const table = new EndpointTable();
    expect(table.ipv4(0x0a000001, 9993)).toBe(table.ipv4(0x0a000001, 9993));
    expect(table.ipv4(0x0a000001, 9993).key).toBe('10.0.0.1/9993');
    expect(table.ipv6(ipv6(1), 0, 9993)).toBe(table.ipv6(ipv6(1), 0, 9993));
    expect(table.ipv6(ipv6(1), 0, 9993).key).not.toBe(table.ipv6(ipv6(1), 0, 9994).key);
  });

  it('are kept up to a number, then the table starts again', () => {
    const table = new EndpointTable();
    const of4 = (n: number): object => table.ipv4(0x0a000000 + n, 1);
    const of6 = (n: number): object => table.ipv6(ipv6(n), 0, 1);
    for (const of of [of4, of6]) {
      const first = of(0);
      for (let n = 1; n < endpointsMax; n++) of(n);
      expect(of(0)).toBe(first);
      const last = of(endpointsMax);
      expect(of(endpointsMax)).toBe(last);
      expect(of(0)).not.toBe(first);
    }
  });
});
