/** Which events are about a member, and what they say. */
import { describe, expect, it } from 'vitest';

import { strings } from '../../strings.ts';
import { memberEvent } from './member-events.ts';

const words = strings.members.events;
const [network, address] = ['00000000000000aa', '0000000001'];
const told = (kind: string, data: Record<string, unknown>): string | null =>
  memberEvent({ kind, at: 7, data }, network, address)?.text ?? null;

describe('events of a member', () => {
  it('are its record, its paths and its traces', () => {
    expect(told('member', { network, address, isAuthorized: true })).toBe(words.authorized);
    expect(told('member', { network, address, isAuthorized: false })).toBe(words.unauthorized);
    expect(told('member', { network, address, isDeleted: true })).toBe(words.deleted);
    expect(told('path', { address, endpoint: '10.0.0.1/9993', state: 'alive' })).toBe(
      words.path('10.0.0.1/9993', 'alive'),
    );
    expect(told('trace', { source: address, count: 3 })).toBe(words.trace(3));
    expect(
      memberEvent({ kind: 'trace', at: 7, data: { source: address } }, network, address)?.at,
    ).toBe(7);
  });

  it('are none of others', () => {
    expect(told('member', { network, address: '0000000002' })).toBeNull();
    expect(told('member', { network: '00000000000000bb', address })).toBeNull();
    expect(told('path', { address: '0000000002' })).toBeNull();
    expect(told('online', { isOnline: true })).toBeNull();
  });
});
