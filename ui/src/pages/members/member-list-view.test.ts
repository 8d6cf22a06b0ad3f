/** What a list of members shows: found, sorted, cut into pages. */
import { describe, expect, it } from 'vitest';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { aMember } from '../../synthetic/member.ts';
import {
  lastHeard,
  pageOf,
  shownMembers,
  sortKeys,
  statesOf,
  type MemberView,
} from './member-list-view.ts';

const all: MemberView = { text: '', state: null, sort: 'name', isDescending: false };

const heard = (askedAt: number | null, version: string | null = null): MemberV1['heard'] => ({
  source: 'controller',
  askedAt,
  configuredAt: null,
  lostConfigs: null,
  software:
    version === null
      ? null
      : { version, protocol: 13, platform: 'linux/x86_64', isOverspan: false },
});

const path = (latencyMs: number | null, heardAt: number | null = null): MemberV1['path'] => ({
  source: 'own node',
  kind: latencyMs === null ? 'unknown' : 'direct',
  endpoint: null,
  latencyMs,
  heardAt,
  clockSkewMs: null,
  planet: 'unknown',
});

const names = (members: readonly MemberV1[]): string[] =>
  members.map(({ name, address }) => (name === '' ? address : name));

describe('sorting', () => {
  it('counts numbers in names, and puts who has no name last, both ways', () => {
    const members = ['node-10', '', 'node-2', 'Node-3'].map((name, i) =>
      aMember({ name, address: `000000000${i}` }),
    );
    expect(names(shownMembers(members, all))).toEqual([
      'node-2',
      'Node-3',
      'node-10',
      '0000000001',
    ]);
    expect(names(shownMembers(members, { ...all, isDescending: true }))).toEqual([
      'node-10',
      'Node-3',
      'node-2',
      '0000000001',
    ]);
  });

  it('has who waits on top, by whatever it sorts', () => {
    const members = [
      aMember({ name: 'a' }),
      aMember({ name: 'z', address: '0000000002', state: 'waiting' }),
    ];
    for (const sort of sortKeys)
      for (const isDescending of [false, true])
        expect(names(shownMembers(members, { ...all, sort, isDescending }))[0]).toBe('z');
  });

  it.each([
    ['ip', { ipAssignments: ['10.0.0.9'] }, { ipAssignments: ['fd00::1', '10.0.0.10'] }],
    ['heard', { heard: heard(1_000) }, { heard: heard(2_000) }],
    ['version', { heard: heard(null, '1.9.0') }, { heard: heard(null, '1.14.1') }],
    ['latency', { path: path(9) }, { path: path(10) }],
    ['state', { state: 'ok' as const }, { state: 'silent' as const }],
    ['address', { address: '0000000000' }, { address: '000000000f' }],
  ] as const)('by %s orders values, and what is not known comes last', (sort, low, high) => {
    const view: MemberView = { ...all, sort };
    const members = [
      aMember({ ...high, name: 'high' } as Partial<MemberV1>),
      aMember({ ...low, name: 'low' } as Partial<MemberV1>),
    ];
    expect(names(shownMembers(members, view))).toEqual(['low', 'high']);
    expect(names(shownMembers(members, { ...view, isDescending: true }))).toEqual(['high', 'low']);
    if (sort === 'state' || sort === 'address') return;
    const unknown = aMember({ name: 'unknown', address: '0000000000' });
    for (const isDescending of [false, true])
      expect(names(shownMembers([unknown, ...members], { ...view, isDescending })).at(-1)).toBe(
        'unknown',
      );
  });
});

describe('finding', () => {
  const members = [
    aMember({ name: 'Build server', address: 'a1b2c3d4e5', ipAssignments: ['10.147.17.20'] }),
    aMember({ name: 'laptop', state: 'silent', heard: heard(null, '1.14.1') }),
  ];

  it.each([
    ['build', 'Build server'],
    ['B2C3', 'Build server'],
    ['147.17.2', 'Build server'],
    ['linux/x86', 'laptop'],
    [' 1.14 ', 'laptop'],
  ])('%j finds %s', (text, name) => {
    expect(names(shownMembers(members, { ...all, text }))).toEqual([name]);
  });

  it('finds by state, and by both', () => {
    expect(names(shownMembers(members, { ...all, state: 'silent' }))).toEqual(['laptop']);
    expect(shownMembers(members, { ...all, state: 'silent', text: 'build' })).toEqual([]);
  });

  it('counts the states that there are, in the order of the table of states', () => {
    expect(statesOf([...members, aMember({ state: 'waiting' })])).toEqual([
      { state: 'ok', count: 1 },
      { state: 'waiting', count: 1 },
      { state: 'silent', count: 1 },
    ]);
  });
});

describe('pages', () => {
  const list = Array.from({ length: 120 }, (_, i) => i);

  it('cuts a list, the last one shorter', () => {
    expect(pageOf(list, 0, 50)).toMatchObject({ start: 0, end: 50, page: 0, pageCount: 3 });
    expect(pageOf(list, 2, 50).items).toEqual(list.slice(100));
  });

  it('gives the last one where the list became shorter, and one of an empty list', () => {
    expect(pageOf(list, 9, 50)).toMatchObject({ page: 2, start: 100, end: 120 });
    expect(pageOf([], 3, 50)).toMatchObject({ page: 0, pageCount: 1, start: 0, end: 0 });
  });
});

describe('when a member was last heard', () => {
  it('is the later word of the two, with whose it is', () => {
    expect(lastHeard(aMember({ heard: heard(5), path: path(1, 4) }))).toEqual({
      at: 5,
      by: 'controller',
    });
    expect(lastHeard(aMember({ heard: heard(5), path: path(1, 6) }))).toEqual({
      at: 6,
      by: 'own node',
    });
    const report = {
      source: 'member',
      by: '0000000009',
      at: 9,
      kind: 'direct',
      latencyMs: 1,
      heardAt: 8,
    } as const;
    expect(lastHeard(aMember({ heard: heard(5), path: path(1, 6), reports: [report] }))).toEqual({
      at: 8,
      by: 'member',
    });
    expect(lastHeard(aMember())).toBeNull();
  });
});
