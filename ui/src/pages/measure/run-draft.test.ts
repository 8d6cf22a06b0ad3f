import { describe, expect, it } from 'vitest';

import type { RunRequest } from '../../../../src/api/schema/run.ts';
import { aMember } from '../../synthetic/member.ts';
import { draftProblems, draftTo, emptyDraft, requestOf, type RunDraft } from './run-draft.ts';

const typed = {
  ...emptyDraft,
  paths: [
    { label: ' direct ', target: ' 192.0.2.7 ' },
    { label: 'overlay', target: '10.147.17.9' },
  ],
};

const requested = (draft: RunDraft, available: readonly string[] = []): RunRequest =>
  requestOf(draft, available);

describe('a run while it is typed', () => {
  it('asks for what was typed, without the blanks around it', () => {
    expect(requested(typed)).toEqual({
      kind: 'compare',
      paths: [
        { label: 'direct', target: '192.0.2.7' },
        { label: 'overlay', target: '10.147.17.9' },
      ],
      ...{ rounds: 40, timeS: 60, requestsPerVisit: null, sizeBytes: 64, intervalS: 0 },
      ...{ calibrates: true, invitation: null },
    });
    const more = { ...typed, invitation: ' ovs1_a\n b ', requestsPerVisit: ' 5 ', timeS: '0.5' };
    expect(requested(more)).toMatchObject({
      ...{ invitation: 'ovs1_ab', requestsPerVisit: 5, timeS: 0.5 },
    });
    expect(draftProblems(requested(more)).isRight).toBe(true);
  });

  it('says of each field what is wrong, and of each path which', () => {
    const wrong = { ...typed, rounds: '4e1', sizeBytes: '', timeS: '-1' };
    const { isRight, of } = draftProblems(requested(wrong));
    expect(isRight).toBe(false);
    expect([of('rounds'), of('sizeBytes'), of('timeS'), of('intervalS')]).toEqual([
      ...['number', 'number', 'number', null],
    ]);
    const empty = draftProblems(requested(emptyDraft));
    expect(empty.of('paths', 1, ['target'])).toBe('target');
    expect(empty.of('paths', 1, ['label'])).toBeNull();
  });

  it('asks for the overlays that were chosen and are there, in their order; all, where none was chosen', () => {
    const available = ['direct', 'vxlan', 'overspan'];
    const inLab = { ...typed, kind: 'characterize', rounds: '5' } as const;
    expect(requested(inLab, available)).toEqual({
      ...{ kind: 'characterize', engines: available },
      ...{ rounds: 5, timeS: 60, requestsPerVisit: null, sizeBytes: 64 },
    });
    const chosen = { ...inLab, engines: ['overspan', 'tinc', 'direct'] };
    expect(requested(chosen, available)).toMatchObject({ engines: ['direct', 'overspan'] });
    const one = draftProblems(requested({ ...inLab, engines: ['direct'] }, available));
    expect([one.isRight, one.of('engines')]).toEqual([false, 'too-few']);
  });
});

describe('a comparison of the ways to a member', () => {
  const { path } = aMember();
  const direct = { ...path, kind: 'direct', endpoint: 'fd77::2/9993' } as const;
  const ipAssignments = ['10.147.17.9', '10.147.17.10'];

  it('has both, and leaves the rest as it was typed', () => {
    const draft = draftTo(
      { path: direct, ipAssignments },
      { ...typed, kind: 'characterize', rounds: '7' },
    );
    expect(draft).toEqual({
      ...{ ...typed, rounds: '7' },
      paths: [
        { label: 'direct', target: 'fd77::2' },
        { label: 'overlay', target: '10.147.17.9' },
      ],
    });
    expect(draftProblems(requested(draft!)).isRight).toBe(true);
  });

  it('is not there where one of them is not known', () => {
    expect(draftTo({ path, ipAssignments }, typed)).toBeNull();
    expect(draftTo({ path: direct, ipAssignments: [] }, typed)).toBeNull();
    const relayed = { ...direct, kind: 'relayed' } as const;
    expect(draftTo({ path: relayed, ipAssignments }, typed)).toBeNull();
  });
});
