import { expect, it } from 'vitest';

import type { Address } from '../../base/ids.ts';
import { IdentityRequests } from './identity-requests.ts';
import type { Switch } from './switch.ts';
import type { Upstreams } from './upstreams.ts';

const now = (monoMs: number) => ({ monoMs, wallMs: monoMs });
const addresses = (count: number, from: number): Address[] =>
  Array.from({ length: count }, (_, index) => (from + index) as Address);

it('whom only received packets name make room for newer ones when an answer would have come', () => {
  let asked = 0;
  const root = { best: () => ({ address: 1 as Address }) } as unknown as Upstreams;
  const sender = { send: () => (asked += 1) } as unknown as Switch;
  const requests = new IdentityRequests(
    8,
    root,
    () => sender,
    () => false,
  );
  const wanted = 100 as Address;
  expect(requests.ask(now(0), wanted, false)).toBe(true);
  for (const address of addresses(4, 200)) expect(requests.ask(now(0), address, true)).toBe(true);
  expect(requests.ask(now(249), 300 as Address, true)).toBe(false);
  expect(asked).toBe(5);
  // Four in 250 ms and no more, however many come.
  const newer = addresses(1_000, 1_000);
  const taken = newer.filter((address, index) => requests.ask(now(250 + index), address, true));
  expect(taken).toHaveLength(16);
  expect(taken.slice(0, 5)).toEqual([1_000, 1_001, 1_002, 1_003, 1_250]);
  // What we want to send to keeps its place.
  expect(requests.has(wanted)).toBe(true);
  expect(requests.size).toBe(5);
});
