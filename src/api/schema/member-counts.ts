/** Members of a network by state. Apart from the schemas, which take longer to load than a node does. */
import type { MemberStateV1 } from './v1.ts';

/** Of a network without members. */
export const noMembers: Readonly<Record<MemberStateV1, number>> = {
  ok: 0,
  relayed: 0,
  waiting: 0,
  denied: 0,
  'never-configured': 0,
  silent: 0,
  unknown: 0,
};
