/** What was changed of a member, and nothing else: somebody else may have changed the rest meanwhile. */
import type { MemberPatchV1, MemberV1 } from '../../../../src/api/schema/v1.ts';

/** What the form holds. */
export interface MemberForm {
  readonly name: string;
  readonly description: string;
  /** As it is typed; see {@link ipList}. */
  readonly ips: string;
  readonly noAutoAssignIps: boolean;
  readonly isActiveBridge: boolean;
}

/** @param ips - what `form.ips` was read as */
export function memberPatch(
  member: MemberV1,
  form: MemberForm,
  ips: readonly string[],
): MemberPatchV1 {
  const patch: MemberPatchV1 = {};
  if (form.name !== member.name) patch.name = form.name;
  if (form.description !== (member.description ?? '')) patch.description = form.description;
  if (form.noAutoAssignIps !== member.noAutoAssignIps) patch.noAutoAssignIps = form.noAutoAssignIps;
  if (form.isActiveBridge !== member.isActiveBridge) patch.isActiveBridge = form.isActiveBridge;
  if (ips.join(' ') !== member.ipAssignments.join(' ')) patch.ipAssignments = [...ips];
  return patch;
}

/** What a member had before that a change was to be made of. */
export function undoPatch(member: MemberV1, patch: MemberPatchV1): MemberPatchV1 {
  const before = { ...member, description: member.description ?? '' };
  return Object.fromEntries(
    Object.keys(patch).map((name) => [name, before[name as keyof MemberPatchV1]]),
  );
}
