import { expect, it } from 'vitest';

import { Prng } from '../src/base/prng.ts';
import { EventQueue } from './event-queue.ts';

function drain(queue: EventQueue): void {
  for (let next = queue.take(); next !== null; next = queue.take()) next.action?.();
}

it('things happen in the order of their times, and of one time in the order of asking', () => {
  const queue = new EventQueue();
  const prng = new Prng('order');
  const expected: [number, number][] = [];
  const happened: [number, number][] = [];
  for (let i = 0; i < 500; i++) {
    const atMs = prng.below(50) / 4;
    expected.push([atMs, i]);
    queue.add(atMs, () => happened.push([atMs, i]));
  }
  expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  drain(queue);
  expect(happened).toEqual(expected);
});

it('what is taken back does not happen, and is not what the queue waits for', () => {
  const queue = new EventQueue();
  const happened: number[] = [];
  const first = queue.add(1, () => happened.push(1));
  queue.add(2, () => happened.push(2));
  queue.cancel(first);
  queue.cancel(first);
  expect([queue.size, queue.nextMs]).toEqual([1, 2]);
  drain(queue);
  expect(happened).toEqual([2]);
  expect([queue.size, queue.nextMs]).toEqual([0, Infinity]);
});
