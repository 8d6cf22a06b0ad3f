/** The body of a POST that makes or changes a network of a controller. Source: management.md 2.1. */
import type { NetworkChange } from '../schema/controller.ts';
import { BodyObject, given, integerOf, invalid, textOf } from './loose.ts';

/** Letters of the longest token. */
const tokenLengthMax = 256;

/** Reads it; what it does not name does not change. @throws API_BODY_INVALID */
export function readNetworkChange(value: unknown): NetworkChange {
  const body = new BodyObject(value, 'the network');
  return given({
    name: body.text('name', ''),
    description: body.text('description', ''),
    private: body.boolean('private', true),
    enableBroadcast: body.boolean('enableBroadcast', false),
    mtu: body.integer('mtu', 2_800),
    multicastLimit: body.integer('multicastLimit', 32),
    remoteTraceTarget: body.address('remoteTraceTarget'),
    remoteTraceLevel: body.integer('remoteTraceLevel', 0),
    v4AssignMode: v4AssignMode(body),
    v6AssignMode: v6AssignMode(body),
    routes: body.list('routes', readRoute),
    ipAssignmentPools: body.list('ipAssignmentPools', readPool),
    rules: body.list('rules', (rule) => rule),
    authTokens: authTokens(body),
    capabilities: body.list('capabilities', readCapability),
    tags: body.list('tags', readTag),
    dns: dns(body),
  });
}

/** `zt`, or an object. */
function v4AssignMode(body: BodyObject): NetworkChange['v4AssignMode'] {
  const value = body.value('v4AssignMode');
  if (typeof value === 'string') return { zt: value === 'zt' };
  const object = body.object('v4AssignMode');
  return object === undefined ? undefined : { zt: object?.boolean('zt', false) ?? false };
}

/** Names between commas, or an object; what it does not name is off from then on. */
function v6AssignMode(body: BodyObject): NetworkChange['v6AssignMode'] {
  const value = body.value('v6AssignMode');
  const names = ['6plane', 'rfc4193', 'zt'] as const;
  if (value === undefined) return undefined;
  const object = typeof value === 'string' ? null : body.object('v6AssignMode');
  const words = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : [];
  const flags = names.map((name) => [
    name,
    words.includes(name) || (object?.boolean(name, false) ?? false),
  ]);
  return Object.fromEntries(flags) as NonNullable<NetworkChange['v6AssignMode']>;
}

function readRoute(value: unknown, what: string): { target: string; via: string | null } {
  const route = new BodyObject(value, what);
  const via = route.text('via', '') ?? '';
  return {
    target: textOf(route.value('target'), `target of ${what}`),
    via: via === '' ? null : via,
  };
}

function readPool(value: unknown, what: string): { ipRangeStart: string; ipRangeEnd: string } {
  const pool = new BodyObject(value, what);
  return {
    ipRangeStart: textOf(pool.value('ipRangeStart'), `ipRangeStart of ${what}`),
    ipRangeEnd: textOf(pool.value('ipRangeEnd'), `ipRangeEnd of ${what}`),
  };
}

function readCapability(
  value: unknown,
  what: string,
): { id: number; default: boolean; rules: unknown[] } {
  const capability = new BodyObject(value, what);
  return {
    id: integerOf(capability.value('id'), `id of ${what}`),
    default: capability.boolean('default', false) ?? false,
    rules: capability.list('rules', (rule) => rule) ?? [],
  };
}

function readTag(value: unknown, what: string): { id: number; default: number | null } {
  const tag = new BodyObject(value, what);
  const id = integerOf(tag.value('id'), `id of ${what}`);
  const otherwise = tag.value('default') ?? null;
  return { id, default: otherwise === null ? null : integerOf(otherwise, `default of ${what}`) };
}

/** Tokens with the time up to which each counts; anything that is no object has none, as the list that is shown then. */
function authTokens(body: BodyObject): Readonly<Record<string, number>> | undefined {
  const value = body.value('authTokens');
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const tokens = new BodyObject(value, 'authTokens of the network').entries();
  return Object.fromEntries(
    tokens.map(([token, expiry]) => {
      const what = 'a token in authTokens';
      if (token === '' || token.length > tokenLengthMax)
        throw invalid(what, `has not 1 to ${tokenLengthMax} letters`, token);
      if (typeof expiry !== 'number')
        throw invalid(`the time of ${what}`, 'is no number of milliseconds', expiry);
      return [token, integerOf(expiry, `the time of ${what}`)];
    }),
  );
}

/** `[]`, which is shown where there is none, is none. */
function dns(body: BodyObject): NetworkChange['dns'] {
  const value = body.value('dns');
  if (value === null || (Array.isArray(value) && value.length === 0))
    return { domain: '', servers: [] };
  const object = body.object('dns');
  if (object === undefined || object === null) return undefined;
  return { domain: object.text('domain', '') ?? '', servers: object.list('servers', textOf) ?? [] };
}
