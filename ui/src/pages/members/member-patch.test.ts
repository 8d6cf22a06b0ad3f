/** Only what was changed is sent. */
import { describe, expect, it } from 'vitest';

import { aMember } from '../../synthetic/member.ts';
import { memberPatch, undoPatch } from './member-patch.ts';

const member = aMember({ name: 'a', ipAssignments: ['10.0.0.1', '10.0.0.2'] });
const form = {
  name: 'a',
  description: '',
  ips: '10.0.0.1\n10.0.0.2',
  noAutoAssignIps: false,
  isActiveBridge: false,
};

describe('a change of a member', () => {
  it('is empty where nothing was changed', () => {
    expect(memberPatch(member, form, member.ipAssignments)).toEqual({});
  });

  it('names what was changed and nothing else', () => {
    expect(memberPatch(member, { ...form, isActiveBridge: true }, ['10.0.0.1'])).toEqual({
      isActiveBridge: true,
      ipAssignments: ['10.0.0.1'],
    });
    expect(
      memberPatch(
        member,
        { ...form, name: '', description: 'd', noAutoAssignIps: true },
        member.ipAssignments,
      ),
    ).toEqual({ name: '', description: 'd', noAutoAssignIps: true });
  });

  it('is undone by what was there before of what it names', () => {
    const patch = { name: 'b', description: 'd', ipAssignments: [] };
    expect(undoPatch({ ...member, description: null }, patch)).toEqual({
      name: 'a',
      description: '',
      ipAssignments: ['10.0.0.1', '10.0.0.2'],
    });
    expect(undoPatch(member, {})).toEqual({});
  });
});
