import { once } from 'node:events';
import { createSocket } from 'node:dgram';

import { describe, expect, it } from 'vitest';

import { EndpointTable } from '../../core/endpoint.ts';
import { libc, type Libc } from '../../sys/ffi/libc.ts';
import { ipEndpoint } from '../../wire/inet-address.ts';
import { ffiUdp } from './ffi-udp.ts';

/** UDP_SEGMENT in the control message of the only message: `message-vector.ts`. */
const segmentType = 103;

/** The C library with a kernel that does not cut runs, as where the way has a smaller MTU. @param seen - each send */
function cuttingRefused(seen: boolean[]): Libc {
  const real = libc();
  return new Proxy(real, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'sendmmsg')
        return (descriptor: number, vector: Uint8Array, first: number, count: number): number => {
          const view = new DataView(vector.buffer, vector.byteOffset);
          const hasControl = view.getUint32(first * 64 + 40, true) > 0;
          const controls = 32 * (64 + 16 + 32);
          const type = view.getInt32(controls + first * 24 + 12, true);
          const isRun = hasControl && type === segmentType;
          seen.push(isRun);
          return isRun ? -22 : real.sendmmsg(descriptor, vector, first, count);
        };
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('datagrams to where the kernel cuts no runs', () => {
  it('go one by one, all of them, and no run is tried there again', async () => {
    const receiver = createSocket('udp4');
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const seen: boolean[] = [];
    const endpoints = new EndpointTable();
    const local = { ip: '127.0.0.1', port: 0 };
    const socket = await ffiUdp(cuttingRefused(seen))({
      id: 1,
      local,
      endpoints,
      onReadable: () => 0,
    });
    try {
      const to = endpoints.of(ipEndpoint('127.0.0.1', receiver.address().port)!);
      const count = 5;
      const bytes = Uint8Array.from({ length: count * 10 }, (_, i) => Math.floor(i / 10));
      const batch = {
        bytes,
        starts: Int32Array.from({ length: count }, (_, i) => i * 10),
        ends: Int32Array.from({ length: count }, (_, i) => i * 10 + 10),
        sockets: new Int32Array(count),
        endpoints: new Array<typeof to>(count).fill(to),
        ttls: new Uint8Array(count),
        count,
      };
      const got: number[][] = [];
      const all = new Promise<void>((resolve) => {
        receiver.on('message', (message) => {
          got.push([...message]);
          if (got.length === 2 * count) resolve();
        });
      });
      for (let time = 0; time < 2; time++)
        socket.send(
          batch,
          Int32Array.from({ length: count }, (_, i) => i),
          count,
        );
      await all;
      const each = Array.from({ length: count }, (_, i) => new Array<number>(10).fill(i));
      expect(got).toEqual([...each, ...each]);
      expect(socket.counters).toMatchObject({ sent: 2 * count, lost: 0 });
      expect(seen).toEqual([true, false, false]);
    } finally {
      socket.close();
      receiver.close();
    }
  });
});
