/**
 * What every implementation of the UDP port must do, as a suite. Datagrams pass over the loopback interface, or inside
 * the process.
 */
import { afterEach, describe, expect, it } from 'vitest';

import { EndpointTable, type Endpoint } from '../../src/core/endpoint.ts';
import type { DatagramBatch } from '../../src/core/ports.ts';
import {
  datagramLengthMax,
  receiveCountMax,
  type OpenUdp,
  type UdpSocket,
} from '../../src/io/udp/port.ts';
import { ipEndpoint } from '../../src/wire/inet-address.ts';
import { pattern } from './crypto-bytes.ts';

export interface UdpExpectations {
  /** An address of each family that this implementation has here; null with the reason where it has none. */
  readonly ipv4: string;
  readonly ipv6: string | null;
  /** Opens something that sees with which time-to-live a datagram arrives. */
  readonly ttlWitness: (ip: string) => Promise<TtlWitness>;
}

export interface TtlWitness {
  readonly port: number;
  /** The next datagram. */
  next(): Promise<{ bytes: Uint8Array; ttl: number }>;
  close(): void;
}

interface Received {
  readonly bytes: Uint8Array;
  readonly from: Endpoint | null;
  readonly socket: number;
}

/** A socket that keeps what it receives. */
interface Inbox {
  readonly socket: UdpSocket;
  readonly received: Received[];
  readonly batchCounts: number[];
  /** Resolves when so many datagrams have come in all. */
  has(count: number): Promise<void>;
}

/** Declares the tests of one implementation. */
export function udpConformance(open: OpenUdp, expectations: UdpExpectations): void {
  const opened: { close(): void }[] = [];
  const endpoints = new EndpointTable();
  let nextId = 1;
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.close();
  });

  const openInbox = async (
    ip: string = expectations.ipv4,
    port = 0,
    onBatch: (batch: DatagramBatch, inbox: Inbox) => void = () => undefined,
  ): Promise<Inbox> => {
    const waiting: { count: number; resolve: () => void }[] = [];
    const received: Received[] = [];
    const batchCounts: number[] = [];
    const socket = await open({
      id: nextId++,
      local: { ip, port },
      endpoints,
      onReadable: (batch) => {
        batchCounts.push(batch.count);
        for (let i = 0; i < batch.count; i++)
          received.push({
            bytes: batch.bytes.slice(batch.starts[i], batch.ends[i]),
            from: batch.endpoints[i]!,
            socket: batch.sockets[i]!,
          });
        onBatch(batch, inbox);
        for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      },
    });
    opened.push(socket);
    const inbox: Inbox = {
      socket,
      received,
      batchCounts,
      has: (count) =>
        new Promise((resolve) => {
          waiting.push({ count, resolve });
          if (received.length >= count) resolve();
        }),
    };
    return inbox;
  };
  const at = (ip: string, port: number): Endpoint => endpoints.of(ipEndpoint(ip, port)!);
  const families = [
    ['IPv4', expectations.ipv4],
    ['IPv6', expectations.ipv6],
  ] as const;

  describe.each(families)('over %s', (_family, ip) => {
    it('binds a free port and says which, and another one next', async (context) => {
      if (ip === null) return context.skip('this machine has no such loopback address');
      const [one, other] = [await openInbox(ip), await openInbox(ip)];
      expect(one.socket.local).toBe(at(ip, one.socket.local.address.port));
      expect(one.socket.local.address.port).toBeGreaterThan(1023);
      expect(other.socket.local.address.port).not.toBe(one.socket.local.address.port);
    });

    it('carries datagrams of every length both ways, with their sender', async (context) => {
      if (ip === null) return context.skip('this machine has no such loopback address');
      const [a, b] = [await openInbox(ip), await openInbox(ip)];
      const lengths = [1, 0, 28, 1432, 1433, 2816, 10_024, datagramLengthMax];
      const there = lengths.map((length, i) => pattern(length, i));
      send(
        a.socket,
        there.map((bytes) => ({ bytes, to: b.socket.local })),
      );
      await b.has(lengths.length);
      expect(b.received.map(({ bytes }) => bytes)).toEqual(there);
      expect(new Set(b.received.map(({ from }) => from))).toEqual(new Set([a.socket.local]));
      expect(b.received[0]!.from).toBe(a.socket.local);
      expect(b.received[0]!.socket).toBe(b.socket.id);
      send(b.socket, [{ bytes: pattern(100, 1), to: b.received[0]!.from! }]);
      await a.has(1);
      expect(a.received[0]!.bytes).toEqual(pattern(100, 1));
      expect(b.socket.counters).toMatchObject({ received: lengths.length, sent: 1, refused: 0 });
      expect(a.socket.counters).toMatchObject({ received: 1, sent: lengths.length, lost: 0 });
    });

    // More than Linux' buffer holds unless it is enlarged: 92 datagrams of this length.
    it('keeps the order of a burst, in batches that are bounded', async (context) => {
      if (ip === null) return context.skip('this machine has no such loopback address');
      const [a, b] = [await openInbox(ip), await openInbox(ip)];
      const burst = Array.from({ length: 150 }, (_, i) => new Uint8Array(1432).fill(i));
      send(
        a.socket,
        burst.map((bytes) => ({ bytes, to: b.socket.local })),
      );
      await b.has(burst.length);
      expect(b.received.map(({ bytes }) => bytes)).toEqual(burst);
      expect(Math.max(...b.batchCounts)).toBeLessThanOrEqual(receiveCountMax);
    });

    it('sends with the time-to-live that a datagram asks for, and only that', async (context) => {
      if (ip === null) return context.skip('this machine has no such loopback address');
      const a = await openInbox(ip);
      const witness = await expectations.ttlWitness(ip);
      opened.push(witness);
      const to = at(ip, witness.port);
      send(a.socket, [
        { bytes: pattern(4, 1), to },
        { bytes: pattern(4, 2), to, ttl: 2 },
        { bytes: pattern(4, 3), to },
        { bytes: pattern(4, 4), to, ttl: 255 },
      ]);
      const seen = [await witness.next(), await witness.next(), await witness.next()];
      seen.push(await witness.next());
      expect(seen.map(({ ttl }) => ttl)).toEqual([64, 2, 64, 255]);
      expect(seen[1]!.bytes).toEqual(pattern(4, 2));
    });

    it('refuses a port that is taken, and has it when it is free again', async (context) => {
      if (ip === null) return context.skip('this machine has no such loopback address');
      const { socket } = await openInbox(ip);
      const { port } = socket.local.address;
      await expect(openInbox(ip, port)).rejects.toMatchObject({ code: 'UDP_PORT_IN_USE' });
      socket.close();
      const again = await openInbox(ip, port);
      expect(again.socket.local.address.port).toBe(port);
    });
  });

  it('sends the datagrams of the list alone, in its order', async () => {
    const [a, b] = [await openInbox(), await openInbox()];
    const datagrams = [0, 1, 2, 3].map((i) => ({ bytes: pattern(9, i), to: b.socket.local }));
    a.socket.send(batchOf(datagrams), Int32Array.of(3, 1, 0, 2), 2);
    await b.has(2);
    expect(b.received.map(({ bytes }) => bytes)).toEqual([pattern(9, 3), pattern(9, 1)]);
    expect(a.socket.counters.sent).toBe(2);
  });

  it('has both families on one port', async (context) => {
    if (expectations.ipv6 === null) return context.skip('this machine has no IPv6 loopback');
    const v4 = await openInbox('0.0.0.0');
    const { port } = v4.socket.local.address;
    const v6 = await openInbox('::', port);
    expect(v6.socket.local.address.port).toBe(port);
    const [from4, from6] = [await openInbox(expectations.ipv4), await openInbox(expectations.ipv6)];
    send(from4.socket, [{ bytes: pattern(5, 4), to: at(expectations.ipv4, port) }]);
    send(from6.socket, [{ bytes: pattern(5, 6), to: at(expectations.ipv6, port) }]);
    await Promise.all([v4.has(1), v6.has(1)]);
    expect(v4.received[0]!.bytes).toEqual(pattern(5, 4));
    expect(v6.received[0]!.bytes).toEqual(pattern(5, 6));
  });

  it('counts what the system does not take as lost, and sends the rest', async () => {
    const [a, b] = [await openInbox(), await openInbox()];
    const good = { bytes: pattern(10, 1), to: b.socket.local };
    const bad = [
      { bytes: pattern(10, 2), to: at(expectations.ipv4, 0) },
      { bytes: pattern(10, 3), to: at('2001:db8::1', 9) },
      { bytes: pattern(65_508, 4), to: b.socket.local },
      { bytes: pattern(10, 5), to: null },
    ];
    send(a.socket, [good, ...bad, { ...good, bytes: pattern(11, 1) }]);
    await b.has(2);
    // Of `node:dgram` the result comes a turn of the event loop later.
    await new Promise(setImmediate);
    expect(b.received.map(({ bytes }) => bytes.length)).toEqual([10, 11]);
    expect(a.socket.counters).toMatchObject({ sent: 2, lost: bad.length });
    expect(a.socket.counters.lastLoss).toMatch(/^[A-Z0-9_]+$/);
  });

  it('sends to nobody without an error, now or later', async () => {
    const [a, b] = [await openInbox(), await openInbox()];
    const gone = await openInbox();
    gone.socket.close();
    for (let i = 0; i < 3; i++) {
      send(a.socket, [{ bytes: pattern(10, i), to: gone.socket.local }]);
      send(a.socket, [{ bytes: pattern(10, i), to: b.socket.local }]);
      await b.has(i + 1);
    }
    expect(a.socket.counters).toMatchObject({ lost: 0, sent: 6 });
  });

  it('refuses datagrams that are longer than any of the protocol, whole', async () => {
    const [a, b] = [await openInbox(), await openInbox()];
    send(a.socket, [
      { bytes: pattern(datagramLengthMax + 1, 1), to: b.socket.local },
      { bytes: pattern(60_000, 2), to: b.socket.local },
      { bytes: pattern(20, 3), to: b.socket.local },
    ]);
    await b.has(1);
    expect(b.received.map(({ bytes }) => bytes)).toEqual([pattern(20, 3)]);
    expect(b.socket.counters).toMatchObject({ received: 1, refused: 2 });
  });

  it('lets a handler write into what it got', async () => {
    const b = await openInbox(expectations.ipv4, 0, (batch) => batch.bytes.fill(0xee));
    const a = await openInbox();
    for (let i = 0; i < 3; i++) {
      send(a.socket, [{ bytes: pattern(1432, i), to: b.socket.local }]);
      await b.has(i + 1);
      expect(b.received[i]!.bytes).toEqual(pattern(1432, i));
    }
  });

  it('answers from within the handler', async () => {
    const [a, b] = [
      await openInbox(),
      await openInbox(expectations.ipv4, 0, (batch, inbox) => {
        inbox.socket.send(
          batch,
          Int32Array.from({ length: batch.count }, (_, i) => i),
          batch.count,
        );
      }),
    ];
    const sent = Array.from({ length: 40 }, (_, i) => pattern(200, i));
    send(
      a.socket,
      sent.map((bytes) => ({ bytes, to: b.socket.local })),
    );
    await a.has(40);
    expect(a.received.map(({ bytes }) => bytes)).toEqual(sent);
  });

  it('runs what was promised within the handler', async () => {
    let settle: () => void = () => undefined;
    const promised = new Promise<void>((resolve) => (settle = resolve));
    const b = await openInbox(expectations.ipv4, 0, () => {
      settle();
    });
    const a = await openInbox();
    send(a.socket, [{ bytes: pattern(1, 1), to: b.socket.local }]);
    await promised;
  });

  it('closes within the handler, and then neither receives nor sends', async () => {
    const b = await openInbox(expectations.ipv4, 0, (_batch, inbox) => {
      inbox.socket.close();
      inbox.socket.close();
    });
    const a = await openInbox();
    const to = b.socket.local;
    send(a.socket, [{ bytes: pattern(10, 1), to }]);
    await b.has(1);
    const next = await openInbox(expectations.ipv4, to.address.port);
    send(b.socket, [{ bytes: pattern(10, 2), to: a.socket.local }]);
    send(a.socket, [{ bytes: pattern(10, 3), to }]);
    await next.has(1);
    expect(b.received).toHaveLength(1);
    expect(b.socket.counters).toMatchObject({ lost: 1, sent: 0 });
    expect(a.received).toHaveLength(0);
  });

  it('refuses what is no address of this machine', async () => {
    for (const [ip, port] of [
      ['192.0.2.1', 0],
      ['localhost', 0],
      ['', 0],
      ['127.0.0.1', 65_536],
      ['127.0.0.1', -1],
    ] as const)
      await expect(openInbox(ip, port), `${ip} ${port}`).rejects.toMatchObject({
        code: 'UDP_ADDRESS',
      });
  });
}

interface Outgoing {
  readonly bytes: Uint8Array;
  readonly to: Endpoint | null;
  readonly ttl?: number;
}

/** Sends datagrams as one batch. */
export function send(socket: UdpSocket, datagrams: readonly Outgoing[]): void {
  const indices = Int32Array.from(datagrams, (_, i) => i);
  socket.send(batchOf(datagrams), indices, datagrams.length);
}

/** Datagrams one behind the other, as in a queue of the node. */
export function batchOf(datagrams: readonly Outgoing[]): DatagramBatch {
  const count = datagrams.length;
  const bytes = new Uint8Array(datagrams.reduce((sum, datagram) => sum + datagram.bytes.length, 0));
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  let end = 0;
  datagrams.forEach((datagram, i) => {
    starts[i] = end;
    bytes.set(datagram.bytes, end);
    end += datagram.bytes.length;
    ends[i] = end;
  });
  return {
    bytes,
    starts,
    ends,
    sockets: new Int32Array(count),
    endpoints: datagrams.map(({ to }) => to),
    ttls: Uint8Array.from(datagrams, ({ ttl }) => ttl ?? 0),
    count,
  };
}
