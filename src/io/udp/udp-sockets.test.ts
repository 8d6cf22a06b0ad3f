import { describe, expect, it } from 'vitest';

import { EndpointTable, type Endpoint } from '../../core/endpoint.ts';
import type { DatagramBatch } from '../../core/ports.ts';
import { ipEndpoint } from '../../wire/inet-address.ts';
import { MemoryNetwork, type PassedDatagram } from './memory-udp.ts';
import { UdpSockets } from './udp-sockets.ts';

const endpoints = new EndpointTable();
const at = (ip: string): Endpoint => endpoints.of(ipEndpoint(ip, 9)!);

/** Sockets on three addresses, and what passes. */
async function setUp(): Promise<{ sockets: UdpSockets; passed: PassedDatagram[] }> {
  const network = new MemoryNetwork();
  const passed: PassedDatagram[] = [];
  network.onPassed = (datagram) => passed.push(datagram);
  network.host(['10.0.0.9', 'fd00::9']);
  const open = network.host(['10.0.0.1', 'fd00::1', '10.0.0.2']);
  const sockets = new UdpSockets({ open, endpoints, onReadable: () => undefined });
  for (const ip of ['10.0.0.1', 'fd00::1', '10.0.0.2']) await sockets.open({ ip, port: 1 });
  return { sockets, passed };
}

/** Datagrams of one byte, its number, each to an address from a socket. */
function batchOf(datagrams: readonly (readonly [socket: number, to: string])[]): DatagramBatch {
  const count = datagrams.length;
  return {
    bytes: Uint8Array.from(datagrams, (_, i) => i),
    starts: Int32Array.from(datagrams, (_, i) => i),
    ends: Int32Array.from(datagrams, (_, i) => i + 1),
    sockets: Int32Array.from(datagrams, ([socket]) => socket),
    endpoints: datagrams.map(([, to]) => at(to)),
    ttls: new Uint8Array(count),
    count,
  };
}

const shown = ({ from, bytes }: PassedDatagram): string => `${bytes[0]} ${from.key}`;

describe('the sockets of a node', () => {
  it('send each its own, in order, and for any the first of the family', async () => {
    const { sockets, passed } = await setUp();
    const [a, , b] = sockets.list.map(({ id }) => id);
    sockets.send(
      batchOf([
        [b!, '10.0.0.9'],
        [0, '10.0.0.9'],
        [0, 'fd00::9'],
        [a!, '10.0.0.9'],
        [b!, '10.0.0.9'],
      ]),
    );
    expect(passed.map(shown).sort()).toEqual([
      '0 10.0.0.2/1',
      '1 10.0.0.1/1',
      '2 fd00::1/1',
      '3 10.0.0.1/1',
      '4 10.0.0.2/1',
    ]);
    expect(sockets.homeless).toBe(0);
  });

  it('count what is for a socket that was closed, or for a family without one', async () => {
    const { sockets, passed } = await setUp();
    const [a, v6] = sockets.list;
    sockets.close(a!);
    sockets.close(a!);
    sockets.close(v6!);
    sockets.send(
      batchOf([
        [a!.id, '10.0.0.9'],
        [0, 'fd00::9'],
        [0, '10.0.0.9'],
      ]),
    );
    expect(passed.map(shown)).toEqual(['2 10.0.0.2/1']);
    expect(sockets.homeless).toBe(2);
  });

  it('never have a number twice', async () => {
    const { sockets } = await setUp();
    const [first] = sockets.list;
    sockets.close(first!);
    const again = await sockets.open({ ip: '10.0.0.1', port: 1 });
    expect(again.id).toBe(4);
    sockets.closeAll();
    expect(sockets.list).toEqual([]);
  });

  it('send a queue that is longer than any before', async () => {
    const { sockets, passed } = await setUp();
    sockets.send(batchOf(new Array<[number, string]>(200).fill([0, '10.0.0.9'])));
    expect(passed).toHaveLength(200);
  });
});
