/**
 * Networks and members in the words of the official controller, and in ours. ZeroTier Central wraps the same objects.
 * Source: management.md 2.1, 2.2, 7. Read loosely: records of older versions lack fields, and `dns` begins as a list.
 */
import { z } from 'zod';

import type { MemberChange, NetworkChange } from '../schema/controller.ts';
import type { MemberPatchV1, NetworkPatchV1 } from '../schema/v1.ts';
import type { MemberView, NetworkView } from './backend.ts';

const switches = z.record(z.string(), z.unknown()).nullish().catch(null);

/** A network of a controller. */
export const controllerNetwork = z.looseObject({
  name: z.string().nullish(),
  private: z.boolean().default(true),
  enableBroadcast: z.boolean().default(true),
  mtu: z.number().default(2800),
  multicastLimit: z.number().default(32),
  routes: z.array(z.looseObject({ target: z.string(), via: z.string().nullish() })).nullish(),
  ipAssignmentPools: z
    .array(z.looseObject({ ipRangeStart: z.string(), ipRangeEnd: z.string() }))
    .nullish(),
  v4AssignMode: switches,
  v6AssignMode: switches,
  dns: z
    .looseObject({ domain: z.string().nullish(), servers: z.array(z.string()).nullish() })
    .nullish()
    .catch(null),
  revision: z.number().nullish(),
  creationTime: z.number().nullish(),
  remoteTraceLevel: z.number().nullish(),
});

/** A member of a controller. */
export const controllerMember = z.looseObject({
  authorized: z.boolean().default(false),
  activeBridge: z.boolean().default(false),
  noAutoAssignIps: z.boolean().default(false),
  ipAssignments: z.array(z.string()).nullish(),
  tags: z.array(z.unknown()).nullish(),
  capabilities: z.array(z.number()).nullish(),
  name: z.string().nullish(),
  identity: z.string().nullish(),
  lastAuthorizedTime: z.number().nullish(),
  lastDeauthorizedTime: z.number().nullish(),
  remoteTraceLevel: z.number().nullish(),
  vMajor: z.number().default(-1),
  vMinor: z.number().default(-1),
  vRev: z.number().default(-1),
});

export type ControllerNetwork = z.infer<typeof controllerNetwork>;
export type ControllerMember = z.infer<typeof controllerMember>;

/** What a network is set to. */
export function networkSettingsOf(
  json: ControllerNetwork,
): Omit<NetworkView, 'id' | 'description' | 'memberCount'> {
  const { v4AssignMode, v6AssignMode, dns } = json;
  return {
    name: json.name ?? '',
    isPrivate: json.private,
    hasBroadcast: json.enableBroadcast,
    mtu: json.mtu,
    multicastLimit: json.multicastLimit,
    assignsIpv4: v4AssignMode?.['zt'] === true,
    assignsIpv6: v6AssignMode?.['zt'] === true,
    assignsRfc4193: v6AssignMode?.['rfc4193'] === true,
    assigns6plane: v6AssignMode?.['6plane'] === true,
    routes: (json.routes ?? []).map(({ target, via }) => ({ target, via: via ?? null })),
    pools: (json.ipAssignmentPools ?? []).map(({ ipRangeStart, ipRangeEnd }) => ({
      first: ipRangeStart,
      last: ipRangeEnd,
    })),
    dns: { domain: dns?.domain ?? '', servers: dns?.servers ?? [] },
    revision: json.revision ?? null,
    createdAt: timeOf(json.creationTime),
  };
}

/**
 * A change as the controller takes it, without the description.
 *
 * @param current - the ways of assigning IPv6 addresses are set together: what the change does not name stays as it is here
 */
export function networkChangeOf(
  change: NetworkPatchV1,
  current: Pick<NetworkView, 'assignsIpv6' | 'assignsRfc4193' | 'assigns6plane'>,
): NetworkChange {
  const { name, isPrivate, hasBroadcast, mtu, multicastLimit, assignsIpv4, routes, pools, dns } =
    change;
  const { assignsIpv6, assignsRfc4193, assigns6plane } = change;
  const isV6 = [assignsIpv6, assignsRfc4193, assigns6plane].some((each) => each !== undefined);
  return {
    ...(name === undefined ? {} : { name }),
    ...(isPrivate === undefined ? {} : { private: isPrivate }),
    ...(hasBroadcast === undefined ? {} : { enableBroadcast: hasBroadcast }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(multicastLimit === undefined ? {} : { multicastLimit }),
    ...(assignsIpv4 === undefined ? {} : { v4AssignMode: { zt: assignsIpv4 } }),
    ...(isV6
      ? {
          v6AssignMode: {
            zt: assignsIpv6 ?? current.assignsIpv6,
            rfc4193: assignsRfc4193 ?? current.assignsRfc4193,
            '6plane': assigns6plane ?? current.assigns6plane,
          },
        }
      : {}),
    ...(routes === undefined ? {} : { routes }),
    ...(pools === undefined
      ? {}
      : {
          ipAssignmentPools: pools.map(({ first, last }) => ({
            ipRangeStart: first,
            ipRangeEnd: last,
          })),
        }),
    ...(dns === undefined ? {} : { dns }),
  };
}

/** What a member is set to. */
export function memberSettingsOf(
  json: ControllerMember,
): Omit<MemberView, 'network' | 'address' | 'description' | 'state' | 'why' | 'heard'> {
  return {
    name: json.name ?? '',
    isAuthorized: json.authorized,
    isBanned: false,
    isActiveBridge: json.activeBridge,
    noAutoAssignIps: json.noAutoAssignIps,
    ipAssignments: json.ipAssignments ?? [],
    tags: (json.tags ?? []).flatMap((tag) => {
      const [id, value] = Array.isArray(tag) ? (tag as unknown[]) : [];
      return typeof id === 'number' && typeof value === 'number' ? [{ id, value }] : [];
    }),
    capabilities: json.capabilities ?? [],
    software:
      json.vMajor < 0
        ? null
        : {
            version: `${json.vMajor}.${json.vMinor}.${json.vRev}`,
            platform: null,
            isOverspan: null,
          },
    authorizedAt: timeOf(json.lastAuthorizedTime),
    deauthorizedAt: timeOf(json.lastDeauthorizedTime),
    bannedAt: null,
  };
}

/** A change as the controller takes it, without the description and without a ban, which it does not know. */
export function memberChangeOf(change: MemberPatchV1): MemberChange {
  const { name, isAuthorized, isActiveBridge, noAutoAssignIps, ipAssignments } = change;
  const { tags, capabilities } = change;
  return {
    ...(name === undefined ? {} : { name }),
    ...(isAuthorized === undefined ? {} : { authorized: isAuthorized }),
    ...(isActiveBridge === undefined ? {} : { activeBridge: isActiveBridge }),
    ...(noAutoAssignIps === undefined ? {} : { noAutoAssignIps }),
    ...(ipAssignments === undefined ? {} : { ipAssignments }),
    ...(tags === undefined ? {} : { tags: tags.map(({ id, value }) => [id, value] as const) }),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
}

/** 0 stands for never. */
export function timeOf(ms: number | null | undefined): number | null {
  return ms === undefined || ms === null || ms <= 0 ? null : ms;
}
