import { describe, expect, it } from 'vitest';

import type { MemberV1 } from '../api/schema/v1.ts';
import { diagnose, type Diagnosis, type Facts } from './diagnosis.ts';

const nowMs = 1_800_000_000_000;
const well: MemberV1 = {
  network: '8056c2e21c000001',
  address: '1a2b3c4d5e',
  revision: 3,
  state: 'ok',
  why: '',
  name: '',
  description: '',
  isAuthorized: true,
  isBanned: false,
  isActiveBridge: false,
  noAutoAssignIps: false,
  ipAssignments: ['10.147.17.9'],
  tags: [],
  capabilities: [],
  identity: null,
  createdAt: 1,
  authorizedAt: 2,
  authorizedBy: 'command',
  deauthorizedAt: null,
  bannedAt: null,
  heard: {
    source: 'controller',
    askedAt: nowMs - 10_000,
    configuredAt: nowMs - 10_000,
    software: { version: '1.14.1', protocol: 12, platform: null, isOverspan: false },
  },
  path: {
    source: 'own node',
    kind: 'direct',
    endpoint: '10.0.0.1/9993',
    latencyMs: 1,
    heardAt: nowMs - 5_000,
  },
  revocation: null,
};
const unheard = { ...well.heard, askedAt: null, configuredAt: null, software: null };
const noPath = { ...well.path, kind: 'unknown' as const, heardAt: null };

function why(change: Partial<MemberV1>, facts: Partial<Facts> = {}): Diagnosis {
  return diagnose({
    nowMs,
    isOnline: true,
    othersOk: 1,
    network: well.network,
    mtu: 2_800,
    member: { ...well, ...change },
    ...facts,
  });
}

describe('why a member does not work', () => {
  it('is certain where the controller has decided it', () => {
    const waiting = why({ isAuthorized: false, state: 'waiting' });
    expect(waiting).toMatchObject({ confidence: 'certain' });
    expect(waiting.next).toBe('overspan member authorize 8056c2e21c000001 1a2b3c4d5e');
    expect(why({ isAuthorized: false, deauthorizedAt: 5 }).sentence).toContain('shut out');
    const isBanned = why({
      isAuthorized: false,
      isBanned: true,
      deauthorizedAt: 5,
      state: 'denied',
    });
    expect(isBanned).toMatchObject({ confidence: 'certain', because: ['it is banned'] });
    expect(isBanned.next).toContain('overspan member unban 8056c2e21c000001 1a2b3c4d5e');
    expect(why({ ipAssignments: [] })).toMatchObject({ confidence: 'certain' });
  });

  it('tells a node that is off from one that has left, and from a side that is cut off', () => {
    const silent = { state: 'silent', path: noPath } as const;
    expect(why(silent).sentence).toContain('other members are heard');
    expect(why(silent, { othersOk: 0 }).sentence).toContain('look at this side first');
    expect(why({ state: 'silent' }).sentence).toContain('does not ask for');
    expect(why({ state: 'never-configured', heard: unheard, path: noPath }).sentence).toContain(
      'never heard',
    );
    expect(why({}, { isOnline: false }).sentence).toContain('reaches no root');
    expect(why({ state: 'relayed', path: { ...well.path, kind: 'relayed' } }).sentence).toContain(
      'over a root',
    );
  });

  it('says that it does not know where all is well', () => {
    expect(why({})).toMatchObject({ confidence: 'unknown' });
    expect(why({}).sentence).toContain('lower the MTU');
    expect(why({}, { mtu: 1_400 }).sentence).not.toContain('MTU');
  });
});
