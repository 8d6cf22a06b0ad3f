import { describe, expect, it } from 'vitest';

import {
  plannedRevocations,
  revocationNetwork,
  syntheticRevocation,
} from '../../test/synthetic/revocation.ts';
import type { Address } from '../base/ids.ts';
import type { Revocation } from '../wire/credentials/revocation.ts';
import { decodeMessage } from '../wire/verbs/index.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { RevocationOutbox } from './revocation-outbox.ts';
import type { PlannedRevocation } from './revocation-packet.ts';

const recipient = 9 as Address;

function outboxOf(pendingMax: number, signed: Address[]): RevocationOutbox {
  const sign = (planned: PlannedRevocation): Revocation => {
    signed.push(planned.target);
    return syntheticRevocation(planned, 1);
  };
  return new RevocationOutbox(revocationNetwork, sign, pendingMax);
}

function targetsOf(outbox: RevocationOutbox, nowMs: number): Address[] {
  return outbox.take(nowMs).flatMap(({ payload }) => {
    const message = decodeMessage(verbNumbers.NETWORK_CREDENTIALS, payload);
    if (typeof message === 'string' || message.name !== 'NETWORK_CREDENTIALS')
      throw new Error('no credentials');
    return (message.value.revocations ?? []).map(({ target }) => target);
  });
}

describe('an outbox of revocations', () => {
  it('signs each once, when it first goes out, and sends it three times', () => {
    const signed: Address[] = [];
    const outbox = outboxOf(1_000, signed);
    outbox.add(plannedRevocations(65), [recipient]);
    expect(signed).toEqual([]);
    const counts: number[] = [];
    for (let nowMs = 0; outbox.dueAtMs !== Infinity; nowMs += 1_100)
      counts.push(targetsOf(outbox, nowMs).length);
    expect(signed).toHaveLength(65);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3 * 65);
    expect(Math.max(...counts)).toBe(64);
  });

  it('gives nothing before what went last will have been read', () => {
    const outbox = outboxOf(1_000, []);
    outbox.add(plannedRevocations(1), [recipient]);
    expect(targetsOf(outbox, 0)).toHaveLength(1);
    expect(outbox.dueAtMs).toBe(1_100);
    expect(outbox.take(1_099)).toEqual([]);
    expect(targetsOf(outbox, 1_100)).toHaveLength(1);
  });

  it('forgets the oldest when there are more than it may hold', () => {
    const outbox = outboxOf(3, []);
    outbox.add(plannedRevocations(5), [recipient]);
    expect(targetsOf(outbox, 0)).toEqual([102, 103, 104]);
  });
});
