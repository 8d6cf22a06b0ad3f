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
    lostConfigs: 0,
    software: { version: '1.14.1', protocol: 12, platform: null, isOverspan: false },
  },
  path: {
    source: 'own node',
    kind: 'direct',
    endpoint: '10.0.0.1/9993',
    latencyMs: 1,
    heardAt: nowMs - 5_000,
    clockSkewMs: 12,
    planet: 'same',
  },
  reports: [],
  revocation: null,
};
const unheard = { ...well.heard, askedAt: null, configuredAt: null, software: null };
const noPath = {
  ...well.path,
  kind: 'unknown',
  heardAt: null,
  clockSkewMs: null,
  planet: 'unknown',
} as const;
const hourMs = 3_600_000;

function why(change: Partial<MemberV1>, facts: Partial<Facts> = {}): Diagnosis {
  return diagnose({
    nowMs,
    isOnline: true,
    othersOk: 1,
    othersClockSkewMs: [20, -5],
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
    const unasked = why({ isAuthorized: false, state: 'never-configured', heard: unheard });
    expect(unasked.sentence).toBe('1a2b3c4d5e is not authorised, and has never asked to join');
    expect(unasked.confidence).toBe('certain');
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

  it('names another planet, as the cause where the member is gone, and as a danger where it works', () => {
    const other = why({ state: 'silent', path: { ...well.path, planet: 'other' } });
    expect(other.sentence).toMatch(/does not ask.*another planet than the controller's/);
    expect(other).toMatchObject({ confidence: 'likely' });
    expect(other.next).toContain('on the member: overspan up --planet FILE');
    const newer = why({
      state: 'never-configured',
      heard: unheard,
      path: { ...well.path, planet: 'newer', heardAt: 5 },
    });
    expect(newer.sentence).toContain('a newer planet');
    expect(newer.next).toContain('here: overspan up --planet FILE');
    const working = why({ path: { ...well.path, planet: 'older' } });
    expect(working.sentence).toMatch(/works, but its node holds an older planet/);
    expect(why({}).because).toContain("its planet is that of the controller's node");
    expect(why({ path: { ...well.path, planet: 'unknown' } }).because.join()).not.toContain(
      'planet',
    );
  });

  it('names a clock that is off, and whose it is', () => {
    const path = { ...well.path, clockSkewMs: -hourMs };
    expect(why({ path })).toMatchObject({
      confidence: 'likely',
      sentence: expect.stringContaining("its clock is 60 min behind the controller's") as string,
    });
    expect(why({ path: { ...path, clockSkewMs: 3 * hourMs } }).sentence).toContain('3 h ahead of');
    const alike = why({ path }, { othersClockSkewMs: [-hourMs, 3 - hourMs, 0] });
    expect(alike.sentence).toContain("the clock of the controller's host is 60 min ahead of");
    expect(why({ path }, { othersClockSkewMs: [] }).sentence).toContain('its clock is');
    // It is no reason to be gone, and is said nevertheless.
    const gone = why({ state: 'silent', path });
    expect(gone.sentence).toContain('has left it');
    expect(gone.because.join()).toContain('60 min behind');
    expect(why({ path: { ...path, clockSkewMs: 59_000 } })).toMatchObject({
      confidence: 'unknown',
    });
  });

  it('suspects large packets where small ones pass and configurations are lost', () => {
    const heard = { ...well.heard, lostConfigs: 3 };
    const direct = why({ heard });
    expect(direct).toMatchObject({ confidence: 'likely' });
    expect(direct.sentence).toMatch(/small packets pass.*larger ones.*lost/);
    expect(direct.next).toContain('ping -M do -s 1432 10.0.0.1;');
    const relayed = why({ heard, path: { ...well.path, kind: 'relayed', endpoint: null } });
    expect(relayed.sentence).toContain('does not reach it');
    expect(why({ heard: { ...heard, lostConfigs: 2 } })).toMatchObject({ confidence: 'unknown' });
  });

  it('tells a controller that is cut off from a member by what other members say', () => {
    const word = (heardAt: number | null): MemberV1['reports'][number] => ({
      ...{ source: 'member', by: '45ad10e047', at: nowMs - 9_000, kind: 'direct', latencyMs: 4 },
      heardAt,
    });
    const silent = { state: 'silent', path: noPath } as const;
    const heard = why({ ...silent, reports: [word(nowMs - 14_000), word(null)] });
    expect(heard).toMatchObject({ confidence: 'likely' });
    expect(heard.sentence).toContain("the controller's side is cut off");
    expect(heard.because).toContain('1 of the other members say that they heard it within 90 s');
    // Old words, and words about who is heard here, change nothing.
    expect(why({ ...silent, reports: [word(nowMs - 95_000)] }).sentence).toContain('is off, or');
    const left = why({ state: 'silent', reports: [word(nowMs - 5_000)] });
    expect(left.sentence).toContain('does not ask for');
    expect(why({ reports: [word(nowMs)] }).because).toContain(
      '1 of 1 members that say so reach it directly',
    );
  });

  it('says that it does not know where all is well', () => {
    expect(why({})).toMatchObject({ confidence: 'unknown' });
    expect(why({}).sentence).toContain('lower the MTU');
    expect(why({}).next).toContain('ping -M do -s 2772 10.147.17.9;');
    expect(why({ ipAssignments: ['fd00::1'] }).next).not.toContain('ping');
    expect(why({}, { mtu: 1_400 }).sentence).not.toContain('MTU');
  });
});
