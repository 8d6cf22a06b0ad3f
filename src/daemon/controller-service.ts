/** The controller of a node as the API shows it, in the objects of management.md 2.1 and 2.2. */
import { given } from '../api/body/loose.ts';
import type {
  MemberChange,
  MemberJson,
  NetworkChange,
  OwnedNetworkJson,
} from '../api/schema/controller.ts';
import { apiError } from '../api/errors.ts';
import type { ControllerService } from '../api/service.ts';
import {
  formatAddress,
  formatU64,
  parseAddress,
  type Address,
  type NetworkId,
} from '../base/ids.ts';
import { localActor, type Audit, type AuditedAction } from '../controller/access/audit.ts';
import type { Controller } from '../controller/controller.ts';
import type { Authorization, MemberChanges, MemberRecord } from '../controller/member-record.ts';
import type { DurableStore } from '../controller/store.ts';
import type { NetworkRecord, NetworkSettings } from '../controller/network-record.ts';
import type { Now } from '../core/ports.ts';
import { formatIdentity } from '../wire/identity.ts';
import type { Rules } from '../wire/rules/rules.ts';
import type { Drive } from './drive.ts';
import { rulesFromJson, rulesToJson } from '../rules/index.ts';

/**
 * The service of a controller. Its commands throw what the controller's throw, and STORE_… where what they changed could not
 * be written yet: it holds nevertheless, and is written when the database answers.
 */
export function controllerService(
  drive: Drive,
  controller: Controller,
  store: DurableStore,
  audit: Audit,
): ControllerService {
  /** Runs a command, notes who had it done, and resolves when both are kept. */
  const command = async <T>(
    line: Omit<AuditedAction, 'actor'>,
    body: (now: Now) => T,
  ): Promise<T> => {
    const result = drive.command((now) => {
      const value = body(now);
      audit.write(now, { actor: localActor, ...line });
      return value;
    });
    await store.flushed();
    return result;
  };
  const members = (id: NetworkId): MemberRecord[] =>
    controller.members(drive.now(), id).map(({ record }) => record);
  const member = (id: NetworkId, address: Address): MemberRecord | undefined =>
    members(id).find((record) => record.address === address);
  const isThere = (id: NetworkId): boolean => controller.network(id) !== null;
  return {
    networks: () => controller.networks().map(({ networkId }) => networkId),
    network: (id) => {
      const record = controller.network(id);
      return record === null ? null : networkJson(record);
    },
    createNetwork: async (change) => {
      const settings = settingsOf(change);
      return networkJson(
        await command({ action: 'network.create', change: withoutTokens(change) }, (now) =>
          controller.createNetwork(now, settings),
        ),
      );
    },
    changeNetwork: async (id, change) => {
      const settings = settingsOf(change);
      return networkJson(
        await command(
          { action: 'network.change', network: id, change: withoutTokens(change) },
          (now) =>
            isThere(id)
              ? controller.setNetwork(now, id, settings)
              : controller.importNetwork(now, id, settings),
        ),
      );
    },
    deleteNetwork: async (id) => {
      const record = controller.network(id);
      if (record === null) return null;
      await command({ action: 'network.delete', network: id }, (now) => {
        controller.deleteNetwork(now, id);
      });
      return networkJson(record);
    },
    members: (id) => (isThere(id) ? members(id).map(memberJson) : null),
    member: (id, address) => {
      const record = member(id, address);
      return record === undefined ? null : memberJson(record);
    },
    changeMember: async (id, address, change) => {
      if (!isThere(id)) return null;
      const changes = memberChanges(change);
      const subject = formatAddress(address);
      return memberJson(
        await command({ action: 'member.change', network: id, subject, change }, (now) =>
          controller.setMember(now, id, address, changes),
        ),
      );
    },
    deleteMember: async (id, address) => {
      const record = member(id, address);
      if (record === undefined) return null;
      const subject = formatAddress(address);
      await command({ action: 'member.delete', network: id, subject }, (now) => {
        controller.deleteMember(now, id, address);
      });
      return memberJson(record);
    },
  };
}

function settingsOf(change: NetworkChange): Partial<NetworkSettings> {
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

function memberChanges(change: MemberChange): MemberChanges {
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

function networkJson(record: NetworkRecord): OwnedNetworkJson {
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
const authorizationNames: Readonly<Record<Authorization, string>> = {
  command: 'api',
  public: 'public',
  token: 'token',
};

function memberJson(record: MemberRecord): MemberJson {
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

/** For the log: a token in it would let its readers in. */
function withoutTokens({ authTokens, ...change }: NetworkChange): unknown {
  if (authTokens === undefined) return change;
  return { ...change, authTokens: `${Object.keys(authTokens).length} tokens` };
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
