/** A list of members stays itself but for the ones that changed. */
import { describe, expect, it } from 'vitest';

import { aMember } from '../synthetic/member.ts';
import { withMember, withMembers } from './member-list.ts';

const [a, b, c] = ['0000000001', '0000000002', '0000000003'].map((address) => aMember({ address }));

describe('a list of members', () => {
  it('puts one that changed in its own place, and keeps the others as they are', () => {
    const changed = aMember({ address: '0000000002', name: 'new' });
    const list = withMembers([a!, b!, c!], [changed]);
    expect(list).toEqual([a, changed, c]);
    expect(list[0]).toBe(a);
  });

  it('puts one that is new at the end', () => {
    expect(withMember([a!], '0000000003', c!)).toEqual([a, c]);
  });

  it('loses one that is gone', () => {
    expect(withMember([a!, b!], '0000000001', null)).toEqual([b]);
  });
});
