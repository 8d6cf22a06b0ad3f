/** The sockets of a node, as addresses come and go. */
import { describe, expect, it } from 'vitest';

import { EndpointTable } from '../core/endpoint.ts';
import type { InterfaceAddress } from '../io/netif/index.ts';
import { MemoryNetwork, UdpSockets } from '../io/udp/index.ts';
import { lineLog } from './log.ts';
import { Sockets, socketsMax } from './sockets.ts';

const address = (ip: string): InterfaceAddress => ({ device: 'eth0', family: 'ipv4', ip });

function scene(ips: readonly string[]): {
  readonly sockets: Sockets;
  readonly changes: string[][];
  readonly lines: string[];
  readonly udp: UdpSockets;
} {
  const open = new MemoryNetwork().host(ips);
  const udp = new UdpSockets({ open, endpoints: new EndpointTable(), onReadable: () => undefined });
  const changes: string[][] = [];
  const lines: string[] = [];
  const clock = { nowNs: () => 0, wallMs: () => 0 };
  const sockets = new Sockets({
    udp,
    port: 9993,
    onChange: (list) => changes.push(list.map(({ local }) => local.key)),
    log: lineLog({ clock, write: (line) => lines.push(line) }),
  });
  return { sockets, changes, lines, udp };
}

describe('the sockets of a node', () => {
  it('follow the addresses, and tell of changes alone', async () => {
    const { sockets, changes, udp } = scene(['10.0.0.1', '10.0.0.2', 'fd00::1']);
    await sockets.update(['10.0.0.1', 'fd00::1'].map(address), true);
    await sockets.update(['10.0.0.1', 'fd00::1'].map(address));
    await sockets.update(['10.0.0.2', 'fd00::1'].map(address));
    expect(changes).toEqual([
      ['10.0.0.1/9993', 'fd00::1/9993'],
      ['fd00::1/9993', '10.0.0.2/9993'],
    ]);
    await sockets.close();
    expect([sockets.list, udp.list]).toEqual([[], []]);
  });

  it('are not on addresses that no path may use', async () => {
    const { sockets, changes } = scene([]);
    await sockets.update(['127.0.0.1', '::1', 'fe80::1', '169.254.1.1', '224.0.0.1'].map(address));
    expect(changes).toEqual([]);
  });

  it('are all or none at the start, where the port is taken on one address', async () => {
    const { sockets, changes, udp } = scene(['10.0.0.1', '10.0.0.2']);
    await udp.open({ ip: '10.0.0.2', port: 9993 });
    const begun = sockets.update(['10.0.0.1', '10.0.0.2'].map(address), true);
    await expect(begun).rejects.toMatchObject({ code: 'UDP_PORT_IN_USE' });
    expect([changes, udp.list.length]).toEqual([[], 1]);
  });

  it('go on without an address that cannot be had, say so once, and try again', async () => {
    const { sockets, changes, lines, udp } = scene(['10.0.0.1', '10.0.0.2']);
    const other = await udp.open({ ip: '10.0.0.2', port: 9993 });
    const both = ['10.0.0.1', '10.0.0.2'].map(address);
    await sockets.update(both);
    await sockets.update(both);
    expect(changes).toEqual([['10.0.0.1/9993']]);
    expect(lines.filter((line) => line.includes('cannot listen'))).toHaveLength(1);
    udp.close(other);
    await sockets.update(both);
    expect(changes.at(-1)).toEqual(['10.0.0.1/9993', '10.0.0.2/9993']);
  });

  it('forget what was wrong with an address that is gone', async () => {
    const { sockets, lines, udp } = scene(['10.0.0.1', '10.0.0.2']);
    await udp.open({ ip: '10.0.0.2', port: 9993 });
    const both = ['10.0.0.1', '10.0.0.2'].map(address);
    for (const addresses of [both, [address('10.0.0.1')], both]) await sockets.update(addresses);
    expect(lines.filter((line) => line.includes('cannot listen'))).toHaveLength(2);
  });

  it('are a bounded number', async () => {
    const ips = Array.from({ length: socketsMax + 1 }, (_, i) => `10.0.0.${i + 1}`);
    const { sockets, lines } = scene(ips);
    await sockets.update(ips.map(address));
    expect(sockets.list).toHaveLength(socketsMax);
    expect(lines.at(-1)).toContain('more addresses than are listened on');
  });
});
