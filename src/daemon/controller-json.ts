/** Networks and members of a controller ⇄ the objects of the official service. Source: management 2.1 to 2.3. */
import { given } from '../api/body/loose.ts';
import { apiError } from '../api/errors.ts';
import type {
  MemberChange,
  MemberJson,
  NetworkChange,
  OwnedNetworkJson,
} from '../api/schema/controller.ts';
import { formatAddress, formatU64, parseAddress, type Address } from '../base/ids.ts';
import type { Authorization, MemberChanges, MemberRecord } from '../controller/member-record.ts';
import type { NetworkRecord, NetworkSettings } from '../controller/network-record.ts';
import { rulesFromJson, rulesToJson } from '../rules/json.ts';
import { formatIdentity } from '../wire/identity.ts';
import type { Rules } from '../wire/rules/rules.ts';

/** What a change of a network sets. @throws API_BODY_INVALID where a rule cannot be read */
export function settingsOf(change: NetworkChange): Partial<NetworkSettings> {
  const { v4AssignMode, v6AssignMode, authTokens, remoteTraceTarget } = change;
  // What it does not name is off.
  const v6 = (name: keyof NonNullable<typeof v6AssignMode>): boolean | undefined =>
    v6AssignMode === undefined ? undefined : v6AssignMode[name] === true;
  return given({
    name: change.name,
    description: change.description,
    isPrivate: change.private,
    hasBroadcast: change.enableBroadcast,
    mtu: change.mtu,
    multicastLimit: change.multicastLimit,
    assignsIpv4: v4AssignMode?.zt,
    assignsIpv6: v6('zt'),
    assignsRfc4193: v6('rfc4193'),
    assigns6plane: v6('6plane'),
    routes: change.routes?.map(({ target, via }) => ({ target, via: via ?? null })),
    pools: change.ipAssignmentPools?.map((pool) => ({
      first: pool.ipRangeStart,
      last: pool.ipRangeEnd,
    })),
    dns: change.dns,
    // What was set here was not compiled from what somebody wrote.
    rulesSource:
      change.rules === undefined && change.capabilities === undefined && change.tags === undefined
        ? undefined
        : '',
    rules: change.rules && rulesOf(change.rules, 'the rules'),
    capabilities: change.capabilities?.map(({ id, default: isDefault, rules }) => ({
      id,
      isDefault,
      rules: rulesOf(rules, `the rules of capability ${id}`),
    })),
    tags: change.tags,
    joinTokens:
      authTokens &&
      Object.entries(authTokens)
        .map(([token, expiresAtMs]) => ({ token, expiresAtMs }))
        // In the order in which they are shown: what is sent back changes nothing.
        .sort((a, b) => (a.token < b.token ? -1 : 1)),
    traceTarget: addressOf(remoteTraceTarget),
    traceLevel: change.remoteTraceLevel,
  });
}

/** What a change of a member sets. */
export function memberChanges(change: MemberChange): MemberChanges {
  return given({
    isAuthorized: change.authorized,
    name: change.name,
    description: change.description,
    isActiveBridge: change.activeBridge,
    noAutoAssignIps: change.noAutoAssignIps,
    ipAssignments: change.ipAssignments,
    tags: change.tags?.map(([id, value]) => ({ id, value })),
    capabilities: change.capabilities,
    authenticationExpiryMs: change.authenticationExpiryTime,
    traceTarget: addressOf(change.remoteTraceTarget),
    traceLevel: change.remoteTraceLevel,
  });
}

function addressOf(text: string | null | undefined): Address | null | undefined {
  return typeof text === 'string' ? parseAddress(text) : text;
}

/** A network as the official service shows it. */
export function networkJson(record: NetworkRecord): OwnedNetworkJson {
  const { settings, revision, createdAtMs } = record;
  const { dns, joinTokens, traceTarget } = settings;
  const id = formatU64(record.networkId);
  const hasDns = dns.domain !== '' || dns.servers.length > 0;
  return {
    // A list where there are none is what the official service has at first, and programs know.
    authTokens:
      joinTokens.length === 0
        ? [null]
        : Object.fromEntries(joinTokens.map(({ token, expiresAtMs }) => [token, expiresAtMs])),
    authorizationEndpoint: '',
    capabilities: settings.capabilities.map((capability) => ({
      default: capability.isDefault,
      id: capability.id,
      rules: rulesToJson(capability.rules),
    })),
    clientId: '',
    creationTime: createdAtMs,
    ...described(settings),
    dns: hasDns ? { domain: dns.domain, servers: [...dns.servers] } : [],
    enableBroadcast: settings.hasBroadcast,
    id,
    ipAssignmentPools: settings.pools.map(({ first, last }) => ({
      ipRangeEnd: last,
      ipRangeStart: first,
    })),
    mtu: settings.mtu,
    multicastLimit: settings.multicastLimit,
    name: settings.name,
    nwid: id,
    objtype: 'network',
    private: settings.isPrivate,
    remoteTraceLevel: settings.traceLevel,
    remoteTraceTarget: traceTarget === null ? null : formatAddress(traceTarget),
    revision,
    routes: settings.routes.map(({ target, via }) => ({ target, via })),
    rules: rulesToJson(settings.rules),
    rulesSource: settings.rulesSource,
    ssoEnabled: false,
    tags: settings.tags.map(({ id: tag, default: otherwise }) => ({ default: otherwise, id: tag })),
    v4AssignMode: { zt: settings.assignsIpv4 },
    v6AssignMode: {
      '6plane': settings.assigns6plane,
      rfc4193: settings.assignsRfc4193,
      zt: settings.assignsIpv6,
    },
  };
}

/** How the official service calls why a member was authorised. */
export const authorizationNames: Readonly<Record<Authorization, string>> = {
  command: 'api',
  public: 'public',
  token: 'token',
};

/** A member as the official service shows it. */
export function memberJson(record: MemberRecord): MemberJson {
  const address = formatAddress(record.address);
  const { software, traceTarget, lastAuthorization } = record;
  return {
    activeBridge: record.isActiveBridge,
    address,
    authenticationExpiryTime: record.authenticationExpiryMs,
    authorized: record.authorization !== null,
    capabilities: [...record.capabilities],
    creationTime: record.createdAtMs,
    ...described(record),
    id: address,
    ...(record.identity === null ? {} : { identity: formatIdentity(record.identity) }),
    ipAssignments: [...record.ipAssignments],
    lastAuthorizedCredential: record.lastCredential,
    lastAuthorizedCredentialType:
      lastAuthorization === null ? null : authorizationNames[lastAuthorization],
    lastAuthorizedTime: record.authorizedAtMs,
    lastDeauthorizedTime: record.deauthorizedAtMs,
    ...(record.name === '' ? {} : { name: record.name }),
    noAutoAssignIps: record.noAutoAssignIps,
    nwid: formatU64(record.networkId),
    objtype: 'member',
    remoteTraceLevel: record.traceLevel,
    remoteTraceTarget: traceTarget === null ? null : formatAddress(traceTarget),
    revision: record.revision,
    ssoExempt: false,
    tags: record.tags.map(({ id, value }) => [id, value]),
    vMajor: software?.majorVersion ?? -1,
    vMinor: software?.minorVersion ?? -1,
    vProto: software?.protocolVersion ?? -1,
    vRev: software?.revision ?? -1,
  };
}

/** Ours alone, so it is there only where somebody has written one. */
function described({ description }: { readonly description: string }): { description?: string } {
  return description === '' ? {} : { description };
}

/** Where the official service leaves out what it cannot read, an action would be for more frames than was meant. */
function rulesOf(value: unknown, what: string): Rules {
  const { rules, problems } = rulesFromJson(value);
  const [first] = problems;
  if (first === undefined) return rules;
  const where = first.index < 0 ? what : `${what}, number ${first.index}`;
  throw apiError('API_BODY_INVALID', `${where}: ${first.message}`, {
    remedy: 'correct it and send it again; nothing was changed',
  });
}
