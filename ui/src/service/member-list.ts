/** Lists of members as they are held: one that changed takes the place of itself, so that the others need not be drawn again. */
import type { MemberV1 } from '../../../src/api/schema/v1.ts';

/** A list with one member as it is now. @param member - null: it is gone */
export function withMember(
  known: readonly MemberV1[],
  address: string,
  member: MemberV1 | null,
): MemberV1[] {
  if (member === null) return known.filter((each) => each.address !== address);
  return withMembers(known, [member]);
}

/** A list with several members as they are now; those that are new come last. */
export function withMembers(known: readonly MemberV1[], changed: readonly MemberV1[]): MemberV1[] {
  const left = new Map(changed.map((member) => [member.address, member]));
  const list = known.map((member) => {
    const now = left.get(member.address);
    left.delete(member.address);
    return now ?? member;
  });
  return [...list, ...left.values()];
}
