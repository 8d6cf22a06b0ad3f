/** The controller of a node as /api/v1 shows it; every command leaves a line in the audit log. */
import { noMembers } from '../api/schema/member-counts.ts';
import type {
  InviteV1,
  MemberPatchV1,
  MemberStateV1,
  MemberV1,
  NetworkPatchV1,
  NetworkV1,
  RulesShownV1,
  TokenV1,
} from '../api/schema/v1.ts';
import type { EventHub } from '../api/v1/event-hub.ts';
import type { NodeManagement } from '../api/v1/node-management.ts';
import type { ApiV1Host, Caller, ManagementService } from '../api/v1/service.ts';
import {
  formatAddress,
  formatU64,
  parseAddress,
  type Address,
  type NetworkId,
} from '../base/ids.ts';
import type { Actor } from '../controller/access/audit-entry.ts';
import { localActor } from '../controller/access/audit.ts';
import type { TokenRecord } from '../controller/access/token-record.ts';
import type { Tokens } from '../controller/access/tokens.ts';
import type { Controller, MemberStatus } from '../controller/controller.ts';
import { controllerError } from '../controller/errors.ts';
import { isOpen, type InviteRecord } from '../controller/invite-record.ts';
import type { MemberRecord } from '../controller/member-record.ts';
import { isBanned } from '../controller/member-standing.ts';
import type { NetworkRecord, NetworkSettings } from '../controller/network-record.ts';
import type { Now } from '../core/ports.ts';
import type { PeerStatus } from '../core/vl1/views.ts';
import { formatIdentity } from '../wire/identity.ts';
import { auditedCommands, type CommandParts } from './audited-commands.ts';
import { memberState, type OwnPath } from './member-state.ts';

/** What it speaks for. */
export interface ManagementParts extends CommandParts {
  readonly controller: Controller;
  readonly tokens: Tokens;
  readonly events: EventHub;
  /** A node as the own node reaches it; null: it does not know it. */
  readonly peer: (now: Now, address: Address) => PeerStatus | null;
  /** Whether a text is the daemon's own token. */
  readonly isOwnToken: (text: string) => boolean;
  /** The node, in somebody's name. */
  readonly node: (actor: Actor) => NodeManagement;
}

/** What serves /api/v1. */
export function managementHost(parts: ManagementParts): ApiV1Host {
  return {
    callerOf: (text) => {
      if (parts.isOwnToken(text)) return { ...localActor, scopes: ['admin'] };
      const token = parts.tokens.find(parts.drive.now(), text);
      return token === null
        ? null
        : { kind: 'token', id: token.id, name: token.name, scopes: token.scopes };
    },
    as: (caller) => managementService(parts, caller),
    listen: (after, onEvent) => parts.events.listen(after, onEvent),
  };
}

function managementService(parts: ManagementParts, caller: Caller): ManagementService {
  const { drive, controller, tokens, store } = parts;
  const actor: Actor = { kind: caller.kind, id: caller.id, name: caller.name };
  const command = auditedCommands(parts, actor);
  const network = (id: NetworkId): NetworkRecord => {
    const record = controller.network(id);
    if (record !== null) return record;
    throw controllerError('CONTROLLER_NETWORK_UNKNOWN', `there is no network ${formatU64(id)}`, {
      remedy: 'see which there are: overspan network list',
    });
  };
  const shown = (status: MemberStatus, now: Now): MemberV1 =>
    memberJson(controller, status, parts.peer(now, status.record.address), now);
  const stateOf = (status: MemberStatus, now: Now): MemberStateV1 =>
    memberState(status, pathKind(parts.peer(now, status.record.address)), now).state;
  /** What a command has changed, as it is now; as the command has left it where it is gone. */
  const shownRecord = (record: MemberRecord, now = drive.now()): MemberV1 => {
    const gone = { record, isOnline: false, heard: null, reports: [] };
    return shown(controller.member(now, record.networkId, record.address) ?? gone, now);
  };
  const shownNetwork = (id: NetworkId, now = drive.now()): NetworkV1 => {
    const record = network(id);
    return networkJson(
      record,
      controller.members(now, id).map((status) => stateOf(status, now)),
    );
  };
  const member = (id: NetworkId, address: Address): MemberV1 => {
    network(id);
    const now = drive.now();
    const status = controller.member(now, id, address);
    const text = formatAddress(address);
    if (status !== null) return shown(status, now);
    throw controllerError(
      'CONTROLLER_MEMBER_UNKNOWN',
      `network ${formatU64(id)} has no member ${text}`,
      { remedy: `see which there are: overspan member list ${formatU64(id)}` },
    );
  };
  const rules = async (id: NetworkId): Promise<RulesShownV1> => {
    const { decompile, compiledSource } = await import('../rules/index.ts');
    const { settings } = network(id);
    const isWritten = settings.rulesSource !== '';
    const source = isWritten ? settings.rulesSource : decompile(settings);
    return {
      source,
      isWritten,
      ruleCount: settings.rules.length,
      testCount: isWritten ? compiledSource(source).tests.length : 0,
    };
  };
  return {
    node: parts.node(actor),
    networks: () => {
      const now = drive.now();
      return controller.networks().map(({ networkId }) => shownNetwork(networkId, now));
    },
    network: (id) => shownNetwork(id),
    createNetwork: async (patch) => {
      const record = await command(
        { action: 'network.create', change: patch },
        (now) => controller.createNetwork(now, settingsOf(patch)),
        ({ networkId }) => networkId,
      );
      return shownNetwork(record.networkId);
    },
    changeNetwork: async (id, patch) => {
      await command({ action: 'network.change', network: id, change: patch }, (now) =>
        controller.setNetwork(now, id, settingsOf(patch)),
      );
      return shownNetwork(id);
    },
    deleteNetwork: async (id) => {
      const { settings } = network(id);
      await command(
        { action: 'network.delete', network: id, change: { name: settings.name } },
        (now) => {
          controller.deleteNetwork(now, id);
        },
      );
    },
    rules,
    setRules: async (id, source) => {
      network(id);
      const { checkedSource } = await import('../rules/index.ts');
      const compiled = checkedSource(source);
      await command({ action: 'network.rules', network: id, change: { source } }, (now) =>
        controller.setNetwork(now, id, {
          rules: compiled.rules,
          capabilities: compiled.capabilities.map((each) => ({
            id: each.id,
            isDefault: each.isDefault,
            rules: each.rules,
          })),
          tags: compiled.tags.map((tag) => ({ id: tag.id, default: tag.default })),
          rulesSource: source,
        }),
      );
      return await rules(id);
    },
    checkRules: async (id, source) => {
      network(id);
      const { rulesCheck } = await import('../api/rules-answers.ts');
      return rulesCheck(source);
    },
    explainRules: async (id, { source, packet }) => {
      const given = source ?? (await rules(id)).source;
      network(id);
      const { rulesExplained } = await import('../api/rules-answers.ts');
      return rulesExplained(given, packet);
    },
    members: (id) => {
      network(id);
      const now = drive.now();
      return controller.members(now, id).map((status) => shown(status, now));
    },
    member,
    changeMember: async (id, address, patch) => {
      const subject = formatAddress(address);
      const record = await command(
        { action: 'member.change', network: id, subject, change: patch },
        (now) => controller.setMember(now, id, address, given(patch)),
      );
      return shownRecord(record);
    },
    changeMembers: async (id, asked) => {
      network(id);
      const lists = Object.entries(asked).flatMap(([word, texts = []]) =>
        texts.length === 0 ? [] : [[word, texts] as const],
      );
      const change: Record<string, unknown> = Object.fromEntries(lists);
      const [only, ...others] = Object.keys(change);
      const action = only === undefined || others.length > 0 ? 'member.change' : `member.${only}`;
      const standing = lists.map(([word, texts]) => [word, addressesOf(texts)] as const);
      // Nobody can look up afterwards what they were called.
      const names = addressesOf(asked.delete ?? []).flatMap((address) => {
        const name = controller.member(drive.now(), id, address)?.record.name ?? '';
        return name === '' ? [] : [[formatAddress(address), name] as const];
      });
      if (names.length > 0) change['names'] = Object.fromEntries(names);
      const records = await command({ action, network: id, change }, (now) =>
        controller.setStanding(now, id, Object.fromEntries(standing)),
      );
      const now = drive.now();
      return records.map((record) => shownRecord(record, now));
    },
    deleteMember: async (id, address) => {
      const { name } = member(id, address);
      const subject = formatAddress(address);
      await command({ action: 'member.delete', network: id, subject, change: { name } }, (now) => {
        controller.deleteMember(now, id, address);
      });
    },
    invites: (id) => {
      const now = drive.now();
      return controller.invites(id).map((invite) => inviteJson(invite, now));
    },
    createInvite: async (id, { note, expiresInMs, uses }) => {
      const { token, record } = await command(
        { action: 'invite.create', network: id, change: { note, expiresInMs, uses } },
        (now) => {
          const expiresAtMs = expiresInMs === null ? 0 : Math.round(now.wallMs + expiresInMs);
          return controller.createInvite(now, id, { note, uses, expiresAtMs });
        },
      );
      return { ...inviteJson(record, drive.now()), invitation: `${formatU64(id)}-${token}` };
    },
    revokeInvite: async (id, invite) => {
      await command({ action: 'invite.revoke', network: id, subject: invite }, () =>
        controller.revokeInvite(id, invite),
      );
    },
    invitation: (id, token) => {
      const { settings } = network(id);
      const invite = controller.invite(id, token);
      if (invite === null)
        throw controllerError('CONTROLLER_INVITE_UNKNOWN', 'there is no such invitation', {
          remedy: 'it was revoked or never made: ask whoever sent it for another one',
        });
      const now = drive.now();
      const { isOpen: opens, expiresAt } = inviteJson(invite, now);
      const sinceMs = opens ? 0 : now.wallMs - lateMs;
      const members = controller
        .invited(now, invite, { sinceMs, countMax: invitedMax })
        .map((status) => ({
          address: formatAddress(status.record.address),
          state: stateOf(status, now),
          authorizedAt: timeOf(status.record.authorizedAtMs),
        }));
      return { network: formatU64(id), name: settings.name, isOpen: opens, expiresAt, members };
    },
    tokens: () => tokens.list().map(tokenJson),
    createToken: async ({ name, scopes, expiresInMs }) => {
      const { token, record } = await command(
        { action: 'token.create', change: { name, scopes, expiresInMs } },
        (now) =>
          tokens.create(now, {
            name,
            scopes,
            expiresAtMs: expiresInMs === null ? 0 : Math.round(now.wallMs + expiresInMs),
          }),
      );
      return { ...tokenJson(record), token: token.reveal() };
    },
    revokeToken: async (id) => {
      await command({ action: 'token.revoke', subject: id }, () => tokens.revoke(id));
    },
    audit: async (query) => {
      await store.flushed();
      const lines = await store.audit(query);
      return lines.map(({ atMs, ...line }) => ({ ...line, at: atMs }));
    },
  };
}

/** So many that came by one invitation are shown. */
const invitedMax = 100;
/** Of one that lets nobody in any more: who came within this time, ms. Whoever has used it up is still looking. */
const lateMs = 3_600_000;

function settingsOf(patch: NetworkPatchV1): Partial<NetworkSettings> {
  return given(patch);
}

/** What was named: of a value of zod, what is undefined was not. */
function given<T extends NetworkPatchV1 | MemberPatchV1>(
  patch: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function addressesOf(texts: readonly string[]): Address[] {
  return texts.map(parseAddress).filter((address) => address !== null);
}

function networkJson(record: NetworkRecord, states: readonly MemberStateV1[]): NetworkV1 {
  const { settings } = record;
  const counts = { ...noMembers };
  for (const state of states) counts[state]++;
  return {
    id: formatU64(record.networkId),
    revision: record.revision,
    createdAt: Math.round(record.createdAtMs),
    name: settings.name,
    description: settings.description,
    isPrivate: settings.isPrivate,
    hasBroadcast: settings.hasBroadcast,
    mtu: settings.mtu,
    multicastLimit: settings.multicastLimit,
    assignsIpv4: settings.assignsIpv4,
    assignsIpv6: settings.assignsIpv6,
    assignsRfc4193: settings.assignsRfc4193,
    assigns6plane: settings.assigns6plane,
    routes: settings.routes.map(({ target, via }) => ({ target, via })),
    pools: settings.pools.map(({ first, last }) => ({ first, last })),
    dns: { domain: settings.dns.domain, servers: [...settings.dns.servers] },
    memberCount: states.length,
    memberCounts: counts,
  };
}

/** How the own node reaches a node; null: it does not know it. */
function pathKind(peer: PeerStatus | null): OwnPath {
  if (peer === null) return 'unknown';
  return peer.isDirect ? 'direct' : 'relayed';
}

function memberJson(
  controller: Controller,
  status: MemberStatus,
  peer: PeerStatus | null,
  now: Now,
): MemberV1 {
  const { record, heard } = status;
  const { networkId } = record;
  const address = formatAddress(record.address);
  const kind = pathKind(peer);
  const at = (agoMs: number | null | undefined): number | null =>
    agoMs === null || agoMs === undefined ? null : Math.round(now.wallMs - agoMs);
  const preferred = peer?.paths.find(({ isPreferred }) => isPreferred);
  const revocation =
    record.authorization === null ? controller.revocation(networkId, record.address) : null;
  const software = heard?.software ?? record.software;
  return {
    network: formatU64(networkId),
    address,
    revision: record.revision,
    ...memberState(status, kind, now),
    name: record.name,
    description: record.description,
    isAuthorized: record.authorization !== null,
    isBanned: isBanned(record),
    isActiveBridge: record.isActiveBridge,
    noAutoAssignIps: record.noAutoAssignIps,
    ipAssignments: [...record.ipAssignments],
    tags: record.tags.map(({ id, value }) => ({ id, value })),
    capabilities: [...record.capabilities],
    identity: record.identity === null ? null : formatIdentity(record.identity),
    createdAt: Math.round(record.createdAtMs),
    authorizedAt: timeOf(record.authorizedAtMs),
    authorizedBy: record.authorization,
    deauthorizedAt: timeOf(record.deauthorizedAtMs),
    bannedAt: timeOf(record.bannedAtMs),
    heard: {
      source: 'controller',
      askedAt: at(heard?.askedAgoMs),
      configuredAt: at(heard?.configuredAgoMs),
      lostConfigs: heard?.lostConfigs ?? null,
      software:
        software === null
          ? null
          : {
              version: `${software.majorVersion}.${software.minorVersion}.${software.revision}`,
              protocol: software.protocolVersion,
              platform: heard?.platform ?? null,
              isOverspan: heard?.isOverspan ?? false,
            },
    },
    path: {
      source: 'own node',
      kind,
      endpoint: preferred?.endpoint ?? null,
      latencyMs: peer?.latencyMs ?? null,
      heardAt: at(peer?.lastReceiveMs),
      clockSkewMs: peer?.clockSkewMs ?? null,
      planet: peer?.planet ?? 'unknown',
    },
    reports: status.reports.map(({ by, saidAtMs, kind: how, latencyMs, heardAtMs }) => ({
      source: 'member',
      by: formatAddress(by),
      at: Math.round(now.wallMs - (now.monoMs - saidAtMs)),
      kind: how,
      latencyMs,
      heardAt: at(heardAtMs === null ? null : now.monoMs - heardAtMs),
    })),
    revocation:
      revocation === null
        ? null
        : {
            sentAt: at(revocation.sentAtMs === null ? null : now.monoMs - revocation.sentAtMs),
            confirmed: revocation.confirmed.map(formatAddress),
            waiting: revocation.waiting.map(formatAddress),
          },
  };
}

function inviteJson(record: InviteRecord, { wallMs }: Now): InviteV1 {
  return {
    id: record.id,
    network: formatU64(record.networkId),
    note: record.note,
    createdAt: Math.round(record.createdAtMs),
    expiresAt: timeOf(record.expiresAtMs),
    usesLeft: record.usesLeft,
    isOpen: isOpen(record, wallMs),
  };
}

function tokenJson(record: TokenRecord): TokenV1 {
  return {
    id: record.id,
    name: record.name,
    scopes: [...record.scopes],
    createdAt: Math.round(record.createdAtMs),
    expiresAt: timeOf(record.expiresAtMs),
  };
}

/** 0 stands for never in records. */
function timeOf(ms: number): number | null {
  return ms === 0 ? null : Math.round(ms);
}
