import { describe, expect, it } from 'vitest';

import { plannedRevocations, syntheticRevocation } from '../../test/synthetic/revocation.ts';
import type { Address } from '../base/ids.ts';
import { decodeMessage } from '../wire/verbs/index.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { ConfirmedRevocations } from './confirmed-revocations.ts';
import { confirmationPacketsPerTurn, confirmationRetriesMs } from './constants.ts';

const [alice, bob] = [1, 2] as [Address, Address];

function newQueue(packetsMax = 100): ConfirmedRevocations {
  let id = 0;
  return new ConfirmedRevocations((planned) => syntheticRevocation(planned, id++), packetsMax);
}

/** What goes out, as `recipient: ids`. */
function sent(queue: ConfirmedRevocations, nowMs: number): [Address, Set<number>][] {
  return queue.take(nowMs).map(({ to, payload }) => {
    const message = decodeMessage(verbNumbers.NETWORK_CREDENTIALS, payload);
    if (typeof message === 'string' || message.name !== 'NETWORK_CREDENTIALS') throw new Error();
    return [to, new Set((message.value.revocations ?? []).map(({ id }) => id))];
  });
}

describe('revocations that are confirmed', () => {
  it('all go out at once, however many there are', () => {
    const queue = newQueue();
    queue.add(0, plannedRevocations(130), [alice, bob]);
    expect(sent(queue, 0).map(([to, ids]) => [to, ids.size])).toEqual([
      [alice, 64],
      [bob, 64],
      [alice, 64],
      [bob, 64],
      [alice, 2],
      [bob, 2],
    ]);
  });

  it('go again to who has not confirmed, and to nobody else', () => {
    const queue = newQueue();
    queue.add(0, plannedRevocations(2), [alice, bob]);
    const [[, ids]] = sent(queue, 0) as [[Address, Set<number>]];
    queue.confirm(alice, ids);
    expect(queue.statusOf(101 as Address)).toEqual({
      sentAtMs: 0,
      confirmed: [alice],
      waiting: [bob],
    });
    expect(queue.dueAtMs).toBe(confirmationRetriesMs[0]);
    expect(sent(queue, queue.dueAtMs).map(([to]) => to)).toEqual([bob]);
    queue.confirm(bob, new Set([0]));
    expect(queue.statusOf(100 as Address)?.waiting).toEqual([bob]);
    queue.confirm(bob, ids);
    expect(queue.dueAtMs).toBe(Infinity);
  });

  it('are given up after some tries, and sent once more to who is there again', () => {
    const queue = newQueue();
    queue.add(0, plannedRevocations(1), [alice]);
    let tries = 0;
    while (queue.dueAtMs !== Infinity) tries += sent(queue, queue.dueAtMs).length;
    expect(tries).toBe(1 + confirmationRetriesMs.length);
    queue.again(90_000, bob);
    expect(queue.dueAtMs).toBe(Infinity);
    queue.again(90_000, alice);
    expect(sent(queue, 90_000)).toHaveLength(1);
    expect(queue.dueAtMs).toBe(Infinity);
  });

  it('do not fill the wire: so many packets a turn', () => {
    const queue = newQueue();
    const many = Array.from(
      { length: confirmationPacketsPerTurn + 1 },
      (_, i) => (i + 1) as Address,
    );
    queue.add(0, plannedRevocations(1), many);
    expect(queue.take(0)).toHaveLength(confirmationPacketsPerTurn);
    expect(queue.take(queue.dueAtMs)).toHaveLength(1);
  });

  it('are forgotten, the oldest first, when there are more than it may hold', () => {
    const queue = newQueue(2);
    queue.add(0, plannedRevocations(64 * 3), [alice]);
    expect(queue.statusOf(100 as Address)).toBe(null);
    expect(sent(queue, 0)).toHaveLength(2);
  });
});
