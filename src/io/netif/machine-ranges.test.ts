import { describe, expect, it } from 'vitest';

import { machineRanges, type RangeSources } from './machine-ranges.ts';

const sources: RangeSources = {
  run: () =>
    Promise.resolve(
      '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"},{"dst":"10.8.0.0/16","dev":"wg0","table":"52"},' +
        '{"type":"local","dst":"10.1.2.3","dev":"eth0","table":"local"}]',
    ),
  interfaces: () => ({
    eth0: [
      {
        address: '10.1.2.3',
        netmask: '255.255.255.0',
        family: 'IPv4',
        mac: '00:00:00:00:00:00',
        internal: false,
        cidr: '10.1.2.3/24',
      },
    ],
  }),
  routes: () =>
    Promise.resolve(
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
        'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n' +
        'wg0\t0000080A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n',
    ),
};

describe('the ranges that a machine knows a way to', () => {
  it('are those of its interfaces and of the routes of every table, but the default one', async () => {
    expect(await machineRanges(sources)).toEqual(['10.1.2.3/24', '10.8.0.0/16', '10.1.2.3']);
  });

  it('are those of the main table where there is no `ip`, or its answer is cut off', async () => {
    const none = (): Promise<string> => Promise.reject(new Error('no ip'));
    const cut = async (): Promise<string> => (await sources.run([])).slice(0, -20);
    for (const run of [none, cut])
      expect(await machineRanges({ ...sources, run })).toEqual(['10.1.2.3/24', '10.8.0.0/16']);
  });

  it('are those of this machine: the loopback is among them', async () => {
    expect(await machineRanges()).toContain('127.0.0.1/8');
  });
});
