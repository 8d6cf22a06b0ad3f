import { describe, expect, it } from 'vitest';

import type { Mac } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { emptyFrameView, type FrameView } from './frame-filter.ts';
import { groupKey } from './group-members.ts';
import {
  MulticastQueue,
  queuedBytesMax,
  queuedMax,
  queuedMs,
  queuedPerGroupMax,
  type MulticastPlan,
} from './multicast-queue.ts';

const group = (adi: number): MulticastGroup => ({ mac: 0xffff_ffff_ffff as Mac, adi });
const plan = (adi: number): MulticastPlan => ({
  group: group(adi),
  source: null,
  gatherLimit: 33,
  recipientsMax: 32,
});
const frame = (...bytes: number[]): FrameView => ({
  ...emptyFrameView(),
  bytes: Uint8Array.from(bytes),
  end: bytes.length,
});
const first = (queue: MulticastQueue, adi: number): number[] =>
  queue.of(0, groupKey(group(adi))).map((queued) => queued.frame.bytes[0]!);

describe('multicasts that wait', () => {
  it('are copies, in the order in which they came', () => {
    const queue = new MulticastQueue();
    const borrowed = { ...frame(9, 1, 9), start: 1, end: 2 };
    queue.keep(0, borrowed, plan(7));
    borrowed.bytes.fill(0);
    queue.keep(0, frame(2), plan(7));
    queue.keep(0, frame(3), plan(8));
    expect(first(queue, 7)).toEqual([1, 2]);
  });

  it('are given up after 5 seconds', () => {
    const queue = new MulticastQueue();
    queue.keep(0, frame(1), plan(7));
    queue.keep(1_000, frame(2), plan(7));
    expect(queue.nextTimeoutMs()).toBe(queuedMs);
    expect(queue.of(queuedMs, groupKey(group(7)))).toHaveLength(1);
    queue.expire(queuedMs);
    expect(queue.size).toBe(1);
    queue.expire(queuedMs + 1_000);
    expect(queue.nextTimeoutMs()).toBe(Infinity);
  });

  it('are at most 32 a group', () => {
    const queue = new MulticastQueue();
    for (let i = 0; i <= queuedPerGroupMax; i++) queue.keep(0, frame(i), plan(7));
    queue.keep(0, frame(200), plan(8));
    expect(first(queue, 7)).toHaveLength(queuedPerGroupMax);
    expect(first(queue, 7)[0]).toBe(1);
    expect(first(queue, 8)).toEqual([200]);
  });

  it('are bounded in number and in bytes over all groups', () => {
    const queue = new MulticastQueue();
    for (let i = 0; i < queuedMax + 5; i++) queue.keep(0, frame(i), plan(i));
    expect(queue.size).toBe(queuedMax);
    expect(first(queue, 4)).toEqual([]);
    const large = frame(...new Uint8Array(10_000));
    for (let i = 0; i < 200; i++) queue.keep(0, large, plan(10_000 + i));
    const largeCount = Math.floor(queuedBytesMax / 10_000);
    expect(queue.size).toBeGreaterThanOrEqual(largeCount);
    expect(first(queue, 10_000 + 199 - largeCount)).toEqual([]);
    expect(first(queue, 10_199)).toEqual([0]);
  });
});
