/** Invitations, API tokens and the audit log. */
import { z } from 'zod';

import { parseJoinText } from '../../../base/join-text.ts';
import {
  auditEntryV1,
  auditQueryV1,
  invitationV1,
  inviteRequestV1,
  inviteV1,
  newInviteV1,
  newTokenV1,
  shownInvitationV1,
  tokenRequestV1,
  tokenV1,
} from '../../schema/v1.ts';
import { route, type RouteV1 } from '../route.ts';
import { networkOf } from './params.ts';

export const accessRoutes: readonly RouteV1[] = [
  route({
    method: 'GET',
    path: '/networks/{network}/invites',
    scope: 'read',
    summary: 'Invitations to a network',
    answer: z.array(inviteV1),
    run: ({ service, params }) => service.invites(networkOf(params)),
  }),
  route({
    method: 'POST',
    path: '/networks/{network}/invites',
    scope: 'members',
    summary: 'Makes an invitation; what is to be handed on is shown once',
    body: inviteRequestV1,
    answer: newInviteV1,
    status: 201,
    run: ({ service, params, body }) => service.createInvite(networkOf(params), body),
  }),
  route({
    method: 'POST',
    path: '/networks/{network}/invitation',
    scope: 'read',
    summary:
      'What whoever holds an invitation may know of it: whether it is open, and who came by it',
    body: shownInvitationV1,
    answer: invitationV1,
    run: ({ service, params, body }) => {
      const id = networkOf(params);
      const given = parseJoinText(body.invitation);
      const token = given?.id === id ? (given.token ?? '') : '';
      return service.invitation(id, token);
    },
  }),
  route({
    method: 'DELETE',
    path: '/networks/{network}/invites/{invite}',
    scope: 'members',
    summary: 'Ends an invitation; who came by it stays',
    answer: null,
    run: ({ service, params }) => service.revokeInvite(networkOf(params), params['invite'] ?? ''),
  }),
  route({
    method: 'GET',
    path: '/tokens',
    scope: 'admin',
    summary: 'API tokens, without the tokens themselves',
    answer: z.array(tokenV1),
    run: ({ service }) => service.tokens(),
  }),
  route({
    method: 'POST',
    path: '/tokens',
    scope: 'admin',
    summary: 'Makes an API token, which is shown once',
    body: tokenRequestV1,
    answer: newTokenV1,
    status: 201,
    run: ({ service, body }) => service.createToken(body),
  }),
  route({
    method: 'DELETE',
    path: '/tokens/{token}',
    scope: 'admin',
    summary: 'Ends an API token',
    answer: null,
    run: ({ service, params }) => service.revokeToken(params['token'] ?? ''),
  }),
  route({
    method: 'GET',
    path: '/audit',
    scope: 'admin',
    summary: 'Who changed what, the newest first',
    query: auditQueryV1,
    answer: z.array(auditEntryV1),
    run: ({ service, query }) => service.audit(query),
  }),
];
