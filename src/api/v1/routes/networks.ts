/** Networks that the controller owns, and their rules. */
import { z } from 'zod';

import { networkPatchV1, networkV1, rulesShownV1, rulesV1 } from '../../schema/v1.ts';
import { rulesCheckV1, rulesExplainedV1, rulesExplainV1 } from '../../schema/v1-rules.ts';
import type { Answered } from '../node-management.ts';
import { revisionOf, route, type RouteInput, type RouteV1 } from '../route.ts';
import { networkOf } from './params.ts';

const revision = ({ params, service }: RouteInput<unknown, unknown>): Answered<number | null> =>
  revisionOf(service.network(networkOf(params)));

export const networkRoutes: readonly RouteV1[] = [
  route({
    method: 'GET',
    path: '/networks',
    scope: 'read',
    summary: 'All networks that this controller owns',
    answer: z.array(networkV1),
    run: ({ service }) => service.networks(),
  }),
  route({
    method: 'POST',
    path: '/networks',
    scope: 'networks',
    summary: 'Makes a network',
    body: networkPatchV1,
    answer: networkV1,
    status: 201,
    run: ({ service, body }) => service.createNetwork(body),
  }),
  route({
    method: 'GET',
    path: '/networks/{network}',
    scope: 'read',
    summary: 'One network',
    answer: networkV1,
    revision,
    run: ({ service, params }) => service.network(networkOf(params)),
  }),
  route({
    method: 'PATCH',
    path: '/networks/{network}',
    scope: 'networks',
    summary: 'Changes settings; members that are online get them at once',
    body: networkPatchV1,
    answer: networkV1,
    revision,
    run: ({ service, params, body }) => service.changeNetwork(networkOf(params), body),
  }),
  route({
    method: 'DELETE',
    path: '/networks/{network}',
    scope: 'networks',
    summary: 'Ends a network: its members are told not to talk to each other',
    answer: null,
    revision,
    run: ({ service, params }) => service.deleteNetwork(networkOf(params)),
  }),
  route({
    method: 'GET',
    path: '/networks/{network}/rules',
    scope: 'read',
    summary: 'The rules of a network as a source',
    answer: rulesShownV1,
    run: ({ service, params }) => service.rules(networkOf(params)),
  }),
  route({
    method: 'PUT',
    path: '/networks/{network}/rules',
    scope: 'networks',
    summary: 'Sets rules, tags and capabilities; refused where a test in the source fails',
    body: rulesV1,
    answer: rulesShownV1,
    revision,
    run: ({ service, params, body }) => service.setRules(networkOf(params), body.source),
  }),
  route({
    method: 'POST',
    path: '/networks/{network}/rules/check',
    scope: 'read',
    summary: 'Whether a source would be saved: what is wrong with it, and how its tests go',
    body: rulesV1,
    answer: rulesCheckV1,
    run: ({ service, params, body }) => service.checkRules(networkOf(params), body.source),
  }),
  route({
    method: 'POST',
    path: '/networks/{network}/rules/explain',
    scope: 'read',
    summary: 'Which rule decides on a packet, on the side of its sender and of its receiver',
    body: rulesExplainV1,
    answer: rulesExplainedV1,
    run: ({ service, params, body }) => service.explainRules(networkOf(params), body),
  }),
];
