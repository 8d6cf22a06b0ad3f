/** The body of a POST that makes or changes a member of a network of a controller. Source: management.md 2.2. */
import type { MemberChange } from '../schema/controller.ts';
import { BodyObject, given, integerOf, invalid, textOf } from './loose.ts';

/** Reads it; what it does not name does not change. @throws API_BODY_INVALID */
export function readMemberChange(value: unknown): MemberChange {
  const body = new BodyObject(value, 'the member');
  return given({
    authorized: body.boolean('authorized', false),
    activeBridge: body.boolean('activeBridge', false),
    noAutoAssignIps: body.boolean('noAutoAssignIps', false),
    name: body.text('name', ''),
    description: body.text('description', ''),
    // An address may come with the length of its network, which is that of a route.
    ipAssignments: body.list('ipAssignments', (ip, what) => textOf(ip, what).replace(/\/.*$/, '')),
    tags: body.list('tags', readTag),
    capabilities: body.list('capabilities', integerOf),
    authenticationExpiryTime: body.integer('authenticationExpiryTime', 0),
    remoteTraceTarget: body.address('remoteTraceTarget'),
    remoteTraceLevel: body.integer('remoteTraceLevel', 0),
  });
}

function readTag(value: unknown, what: string): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2)
    throw invalid(what, 'is no pair of an id and a value', value);
  const [id, of] = value as [unknown, unknown];
  return [integerOf(id, `the id of ${what}`), integerOf(of, `the value of ${what}`)];
}
