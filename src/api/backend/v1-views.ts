/** Networks and members of any make of service as /api/v1 shows them; what the make does not tell is null. */
import { noMembers } from '../schema/member-counts.ts';
import type { MemberV1, NetworkV1 } from '../schema/v1.ts';
import type { PeerV1 } from '../schema/v1-node.ts';
import type { BackendKind, MemberView, NetworkView } from './backend.ts';

/** A network. @param members - null: they were not asked for, so that states are not counted */
export function networkV1Of(view: NetworkView, members: readonly MemberView[] | null): NetworkV1 {
  const counts = members === null ? null : { ...noMembers };
  for (const { state } of members ?? []) if (counts !== null) counts[state]++;
  return {
    id: view.id,
    revision: view.revision,
    createdAt: view.createdAt,
    name: view.name,
    description: view.description,
    isPrivate: view.isPrivate,
    hasBroadcast: view.hasBroadcast,
    mtu: view.mtu,
    multicastLimit: view.multicastLimit,
    assignsIpv4: view.assignsIpv4,
    assignsIpv6: view.assignsIpv6,
    assignsRfc4193: view.assignsRfc4193,
    assigns6plane: view.assigns6plane,
    routes: view.routes.map(({ target, via }) => ({ target, via })),
    pools: view.pools.map(({ first, last }) => ({ first, last })),
    dns: { domain: view.dns.domain, servers: [...view.dns.servers] },
    memberCount: members?.length ?? view.memberCount,
    memberCounts: counts,
  };
}

/** A member. @param peer - what the node of the service knows of it; undefined: nothing, or there is no such node */
export function memberV1Of(
  view: MemberView,
  kind: BackendKind,
  peer: PeerV1 | undefined,
): MemberV1 {
  const { heard, software } = view;
  const preferred = peer?.paths.find(({ isPreferred }) => isPreferred);
  const isByNode = heard?.by === "controller's node";
  return {
    network: view.network,
    address: view.address,
    revision: null,
    state: view.state,
    why: view.why,
    name: view.name,
    description: view.description,
    isAuthorized: view.isAuthorized,
    isBanned: view.isBanned,
    isActiveBridge: view.isActiveBridge,
    noAutoAssignIps: view.noAutoAssignIps,
    ipAssignments: [...view.ipAssignments],
    tags: view.tags.map(({ id, value }) => ({ id, value })),
    capabilities: [...view.capabilities],
    identity: null,
    createdAt: null,
    authorizedAt: view.authorizedAt,
    authorizedBy: null,
    deauthorizedAt: view.deauthorizedAt,
    bannedAt: view.bannedAt,
    heard: {
      source: kind === 'central' ? 'ZeroTier Central' : 'controller',
      askedAt: heard === null || isByNode ? null : heard.at,
      configuredAt: null,
      lostConfigs: null,
      software: software === null ? null : { ...software, protocol: null },
    },
    path: {
      source: 'own node',
      kind: peer === undefined ? 'unknown' : peer.isDirect ? 'direct' : 'relayed',
      endpoint: preferred?.endpoint ?? null,
      latencyMs: peer?.latencyMs ?? null,
      heardAt: isByNode ? heard.at : null,
      clockSkewMs: null,
      planet: 'unknown',
    },
    revocation: null,
    reports: [],
  };
}
