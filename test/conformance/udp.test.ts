import { networkInterfaces } from 'node:os';

import { describe, expect, it } from 'vitest';

import { EndpointTable } from '../../src/core/endpoint.ts';
import { dgramUdp, ffiUdp, MemoryNetwork } from '../../src/io/udp/index.ts';
import { memoryQueueMax, type PassedDatagram } from '../../src/io/udp/memory-udp.ts';
import { libc } from '../../src/sys/ffi/libc.ts';
import { pattern } from './crypto-bytes.ts';
import { send, udpConformance, type TtlWitness } from './udp.ts';
import { ttlWitness } from './udp-ttl-witness.ts';

const loopback = networkInterfaces()['lo'] ?? [];
const real = {
  ipv4: '127.0.0.1',
  ipv6: loopback.some(({ address }) => address === '::1') ? '::1' : null,
  ttlWitness,
};

describe('UDP by system calls', () => {
  const refusal = ffiRefusal();
  if (refusal === null) udpConformance(ffiUdp(), real);
  else it.skip(`cannot be tried: ${refusal}`);
});

describe('UDP by node:dgram', () => {
  udpConformance(dgramUdp(), real);
});

describe('UDP inside the process', () => {
  const network = new MemoryNetwork();
  udpConformance(network.host(['127.0.0.1', '::1']), {
    ipv4: '127.0.0.1',
    ipv6: '::1',
    ttlWitness: (ip) => memoryWitness(network, ip),
  });

  it('loses what a receiver does not take in time', async () => {
    const small = new MemoryNetwork();
    const [a, b] = [small.host(['10.0.0.1']), small.host(['10.0.0.2'])];
    const endpoints = new EndpointTable();
    let received = 0;
    let done: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (done = resolve));
    const options = { endpoints, onReadable: () => undefined };
    const from = await a({ ...options, id: 1, local: { ip: '10.0.0.1', port: 1 } });
    const to = await b({
      ...options,
      id: 2,
      local: { ip: '10.0.0.2', port: 1 },
      onReadable: (batch) => {
        received += batch.count;
        if (received === memoryQueueMax) done();
      },
    });
    const burst = Array.from({ length: memoryQueueMax + 5 }, () => pattern(1, 1));
    send(
      from,
      burst.map((bytes) => ({ bytes, to: to.local })),
    );
    await all;
    await new Promise(setImmediate);
    expect(received).toBe(memoryQueueMax);
    from.close();
    to.close();
  });
});

/** Why system calls cannot be made here; null where they can. */
function ffiRefusal(): string | null {
  try {
    libc();
    return null;
  } catch (error) {
    return String(error);
  }
}

async function memoryWitness(network: MemoryNetwork, ip: string): Promise<TtlWitness> {
  const seen: PassedDatagram[] = [];
  const socket = await network.host([`${ip}0`])({
    id: 1,
    local: { ip: `${ip}0`, port: 0 },
    endpoints: new EndpointTable(),
    onReadable: () => undefined,
  });
  network.onPassed = (datagram) => seen.push(datagram);
  return {
    port: socket.local.address.port,
    next: () => Promise.resolve(seen.shift()!),
    close: () => {
      network.onPassed = null;
      socket.close();
    },
  };
}
