import { describe, expect, it } from 'vitest';

import { aMember } from '../../synthetic/member.ts';
import { draftProblems, draftTo, emptyDraft, requestOf } from './run-draft.ts';

const typed = {
  ...emptyDraft,
  paths: [
    { label: ' direct ', target: ' 192.0.2.7 ' },
    { label: 'overlay', target: '10.147.17.9' },
  ],
};

describe('a comparison while it is typed', () => {
  it('asks for what was typed, without the blanks around it', () => {
    expect(requestOf(typed)).toEqual({
      paths: [
        { label: 'direct', target: '192.0.2.7' },
        { label: 'overlay', target: '10.147.17.9' },
      ],
      ...{ rounds: 40, timeS: 60, requestsPerVisit: null, sizeBytes: 64, intervalS: 0 },
      ...{ calibrates: true, invitation: null },
    });
    const more = { ...typed, invitation: ' ovs1_a\n b ', requestsPerVisit: ' 5 ', timeS: '0.5' };
    expect(requestOf(more)).toMatchObject({
      ...{ invitation: 'ovs1_ab', requestsPerVisit: 5, timeS: 0.5 },
    });
    expect(draftProblems(more).isRight).toBe(true);
  });

  it('says of each field what is wrong, and of each path which', () => {
    const { isRight, of } = draftProblems({ ...typed, rounds: '4e1', sizeBytes: '', timeS: '-1' });
    expect(isRight).toBe(false);
    expect([of('rounds'), of('sizeBytes'), of('timeS'), of('intervalS')]).toEqual([
      ...['number', 'number', 'number', null],
    ]);
    const empty = draftProblems(emptyDraft);
    expect(empty.of('paths', 1, ['target'])).toBe('target');
    expect(empty.of('paths', 1, ['label'])).toBeNull();
  });
});

describe('a comparison of the ways to a member', () => {
  const { path } = aMember();
  const direct = { ...path, kind: 'direct', endpoint: 'fd77::2/9993' } as const;
  const ipAssignments = ['10.147.17.9', '10.147.17.10'];

  it('has both, and leaves the rest as it was typed', () => {
    const draft = draftTo({ path: direct, ipAssignments }, { ...typed, rounds: '7' });
    expect(draft).toEqual({
      ...{ ...typed, rounds: '7' },
      paths: [
        { label: 'direct', target: 'fd77::2' },
        { label: 'overlay', target: '10.147.17.9' },
      ],
    });
    expect(draftProblems(draft!).isRight).toBe(true);
  });

  it('is not there where one of them is not known', () => {
    expect(draftTo({ path, ipAssignments }, typed)).toBeNull();
    expect(draftTo({ path: direct, ipAssignments: [] }, typed)).toBeNull();
    const relayed = { ...direct, kind: 'relayed' } as const;
    expect(draftTo({ path: relayed, ipAssignments }, typed)).toBeNull();
  });
});
