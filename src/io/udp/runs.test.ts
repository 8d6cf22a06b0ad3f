import { describe, expect, it } from 'vitest';

import { EndpointTable, type Endpoint } from '../../core/endpoint.ts';
import type { DatagramBatch } from '../../core/ports.ts';
import { ipEndpoint } from '../../wire/inet-address.ts';
import { runBytesMax, runCountMax, runLength } from './runs.ts';

const endpoints = new EndpointTable();
const [near, far] = ['10.0.0.1', '10.0.0.2'].map((ip) => endpoints.of(ipEndpoint(ip, 1)!)) as [
  Endpoint,
  Endpoint,
];

interface Sent {
  readonly length: number;
  readonly to?: Endpoint;
  readonly ttl?: number;
  /** Bytes between it and the one before. */
  readonly gap?: number;
}

function lengthOfRun(sent: readonly Sent[], order = sent.map((_, i) => i)): number {
  const starts = new Int32Array(sent.length);
  const ends = new Int32Array(sent.length);
  let end = 0;
  sent.forEach(({ length, gap = 0 }, i) => {
    starts[i] = end + gap;
    end = ends[i] = end + gap + length;
  });
  const batch: DatagramBatch = {
    bytes: new Uint8Array(0),
    starts,
    ends,
    sockets: new Int32Array(sent.length),
    endpoints: sent.map(({ to = near }) => to),
    ttls: Uint8Array.from(sent, ({ ttl = 0 }) => ttl),
    count: sent.length,
  };
  return runLength(batch, Int32Array.from(order), 0, order.length);
}

const full = { length: 1427 };

describe('datagrams that go to the kernel as one', () => {
  it('are neighbours of one length, with a shorter one as the last', () => {
    expect(lengthOfRun([full])).toBe(1);
    expect(lengthOfRun([full, full, full])).toBe(3);
    expect(lengthOfRun([full, full, { length: 1 }, full])).toBe(3);
    expect(lengthOfRun([full, { length: 1428 }])).toBe(1);
  });

  it('have one destination and no time-to-live of their own', () => {
    expect(lengthOfRun([full, { ...full, to: far }, full])).toBe(1);
    expect(lengthOfRun([full, { ...full, ttl: 2 }])).toBe(1);
    expect(lengthOfRun([{ ...full, ttl: 2 }, full])).toBe(1);
  });

  it('lie behind each other', () => {
    expect(lengthOfRun([full, { ...full, gap: 1 }])).toBe(1);
    expect(lengthOfRun([full, full, full], [0, 2, 1])).toBe(1);
    // The same bytes to another socket: `DatagramQueue.again`.
    expect(lengthOfRun([full, full], [0, 0])).toBe(1);
  });

  it('are as many as the kernel takes, and as long', () => {
    expect(lengthOfRun(new Array<Sent>(100).fill({ length: 100 }))).toBe(runCountMax);
    expect(lengthOfRun(new Array<Sent>(100).fill(full))).toBe(Math.floor(runBytesMax / 1427));
  });

  it('are never empty, which the kernel would take for the end', () => {
    expect(lengthOfRun([{ length: 0 }, { length: 0 }])).toBe(1);
    expect(lengthOfRun([full, { length: 0 }, full])).toBe(1);
  });
});
