import { describe, expect, it } from 'vitest';

import type { NetworkId } from '../base/ids.ts';
import { EndpointTable } from './endpoint.ts';
import { DatagramQueue, FrameQueue } from './queues.ts';

const endpoint = new EndpointTable().ipv4(0x0a00_0001, 9_993);

describe('a datagram queue', () => {
  it('lists what was committed, the pieces of one reservation after each other', () => {
    const queue = new DatagramQueue(100, 10);
    expect(queue.reserve(40, 2)).toBe(0);
    queue.commit(10, 1, endpoint);
    queue.commit(5, 2, endpoint, 3);
    expect(queue.reserve(85)).toBe(15);
    expect(queue.count).toBe(2);
    expect([...queue.starts.subarray(0, 2)]).toEqual([0, 10]);
    expect([...queue.ends.subarray(0, 2)]).toEqual([10, 15]);
    expect([...queue.sockets.subarray(0, 2)]).toEqual([1, 2]);
    expect([...queue.ttls.subarray(0, 2)]).toEqual([0, 3]);
  });

  it('sends the same bytes from another socket without a copy', () => {
    const queue = new DatagramQueue(100, 10);
    queue.reserve(10, 2);
    queue.commit(10, 1, endpoint);
    queue.again(2, endpoint);
    expect([...queue.starts.subarray(0, 2)]).toEqual([0, 0]);
    expect(queue.reserve(90)).toBe(10);
  });

  it('refuses and counts when its bytes or its entries are used up, and has room when cleared', () => {
    const queue = new DatagramQueue(100, 2);
    expect(queue.reserve(101)).toBe(-1);
    queue.reserve(10);
    queue.commit(10, 1, endpoint);
    expect(queue.reserve(10, 2)).toBe(-1);
    queue.reserve(10);
    queue.commit(10, 1, endpoint);
    expect(queue.reserve(10)).toBe(-1);
    expect(queue.dropped).toBe(3);
    queue.clear();
    expect(queue.reserve(100, 2)).toBe(0);
  });
});

describe('a frame queue', () => {
  it('refuses and counts when it is full', () => {
    const queue = new FrameQueue(30, 2);
    expect(queue.reserve(20)).toBe(0);
    queue.commit(14, 5n as NetworkId);
    expect(queue.reserve(17)).toBe(-1);
    expect(queue.reserve(16)).toBe(14);
    queue.commit(1, 6n as NetworkId);
    expect(queue.reserve(1)).toBe(-1);
    expect(queue.dropped).toBe(2);
    expect(queue.networks).toEqual([5n, 6n]);
  });
});
