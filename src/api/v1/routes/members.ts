/** Members of a network. */
import { z } from 'zod';

import { memberPatchV1, membersCommandV1, memberV1 } from '../../schema/v1.ts';
import type { Answered } from '../node-management.ts';
import { revisionOf, route, type RouteInput, type RouteV1 } from '../route.ts';
import { memberOf, networkOf } from './params.ts';

const revision = ({ params, service }: RouteInput<unknown, unknown>): Answered<number | null> =>
  revisionOf(service.member(networkOf(params), memberOf(params)));

export const memberRoutes: readonly RouteV1[] = [
  route({
    method: 'GET',
    path: '/networks/{network}/members',
    scope: 'read',
    summary: 'All members, with those who have only asked',
    answer: z.array(memberV1),
    run: ({ service, params }) => service.members(networkOf(params)),
  }),
  route({
    method: 'POST',
    path: '/networks/{network}/members',
    scope: 'members',
    summary: 'Lets members in, puts members out and deletes members, all with one word',
    body: membersCommandV1,
    answer: z.array(memberV1),
    run: ({ service, params, body }) => service.changeMembers(networkOf(params), body),
  }),
  route({
    method: 'GET',
    path: '/networks/{network}/members/{member}',
    scope: 'read',
    summary:
      'One member: what is set, what was heard of it and when, who knows that it was shut out',
    answer: memberV1,
    revision,
    run: ({ service, params }) => service.member(networkOf(params), memberOf(params)),
  }),
  route({
    method: 'PATCH',
    path: '/networks/{network}/members/{member}',
    scope: 'members',
    summary: 'Changes a member, also before it asks',
    body: memberPatchV1,
    answer: memberV1,
    revision,
    run: ({ service, params, body }) =>
      service.changeMember(networkOf(params), memberOf(params), body),
  }),
  route({
    method: 'DELETE',
    path: '/networks/{network}/members/{member}',
    scope: 'members',
    summary: 'Puts a member out and forgets it',
    answer: null,
    revision,
    run: ({ service, params }) => service.deleteMember(networkOf(params), memberOf(params)),
  }),
];
