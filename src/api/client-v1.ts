/** Talks to /api/v1 of an Overspan daemon; runs wherever there is `fetch`. */
import { z } from 'zod';

import { formatAddress, formatU64, type Address, type NetworkId } from '../base/ids.ts';
import { escapeText } from '../base/escape.ts';
import { jsonOf, notRunning, unexpected, type ApiClientOptions } from './client.ts';
import { apiError } from './errors.ts';
import { exchange } from './exchange.ts';
import {
  auditEntryV1,
  invitationV1,
  inviteV1,
  memberV1,
  networkV1,
  newInviteV1,
  newTokenV1,
  problemV1,
  rulesShownV1,
  tokenV1,
  type AuditEntryV1,
  type InvitationV1,
  type InviteV1,
  type MemberPatchV1,
  type MembersCommandV1,
  type MemberV1,
  type NetworkPatchV1,
  type NetworkV1,
  type NewInviteV1,
  type NewTokenV1,
  type RulesShownV1,
  type TokenV1,
} from './schema/v1.ts';
import {
  freeRangeV1,
  joinedV1,
  logLineV1,
  moonV1,
  nodeV1,
  peerV1,
  settingsV1,
  type FreeRangeV1,
  type JoinedV1,
  type JoinRequestV1,
  type LogLineV1,
  type MoonRequestV1,
  type MoonV1,
  type NodeV1,
  type PeerV1,
  type PermissionsPatchV1,
  type SettingsV1,
} from './schema/v1-node.ts';
import {
  rulesCheckV1,
  rulesExplainedV1,
  type RulesCheckV1,
  type RulesExplainedV1,
  type RulesExplainV1,
} from './schema/v1-rules.ts';

/** How much longer an answer may take for each member that is shut out, ms: some services do it one by one, at a pace. */
const shutOutMs = 1_500;

/** Members that are deleted also where the page is left: a browser sends 64 KiB then, and each takes 13 bytes. */
const outlivingMax = 4_000;

/** Where it is. */
export type ClientV1Options = Omit<ApiClientOptions, 'token'> & {
  /** Null: what `fetch` sends says who asks, as the session of the page does. */
  readonly token: ApiClientOptions['token'] | null;
};

/** The commands. Each throws DAEMON_NOT_RUNNING, API_FAILED, and what the daemon says: MANAGEMENT_REFUSED with its code. */
export class ClientV1 {
  readonly #options: ClientV1Options;

  constructor(options: ClientV1Options) {
    this.#options = options;
  }

  networks(): Promise<NetworkV1[]> {
    return this.#ask('GET', '/networks', z.array(networkV1));
  }

  network(id: NetworkId): Promise<NetworkV1> {
    return this.#ask('GET', networkPath(id), networkV1);
  }

  createNetwork(patch: NetworkPatchV1): Promise<NetworkV1> {
    return this.#ask('POST', '/networks', networkV1, patch);
  }

  /** @param revision - that it was read with: refused where it has another one by now; null: whatever it has */
  changeNetwork(
    id: NetworkId,
    patch: NetworkPatchV1,
    revision: number | null = null,
  ): Promise<NetworkV1> {
    return this.#ask('PATCH', networkPath(id), networkV1, patch, { revision });
  }

  deleteNetwork(id: NetworkId): Promise<void> {
    return this.#ask('DELETE', networkPath(id), null);
  }

  rules(id: NetworkId): Promise<RulesShownV1> {
    return this.#ask('GET', `${networkPath(id)}/rules`, rulesShownV1);
  }

  /** @param revision - of the network, as with {@link changeNetwork} */
  setRules(id: NetworkId, source: string, revision: number | null = null): Promise<RulesShownV1> {
    return this.#ask('PUT', `${networkPath(id)}/rules`, rulesShownV1, { source }, { revision });
  }

  /** Saves nothing. */
  checkRules(id: NetworkId, source: string): Promise<RulesCheckV1> {
    return this.#ask('POST', `${networkPath(id)}/rules/check`, rulesCheckV1, { source });
  }

  /** Saves nothing. */
  explainRules(id: NetworkId, request: RulesExplainV1): Promise<RulesExplainedV1> {
    return this.#ask('POST', `${networkPath(id)}/rules/explain`, rulesExplainedV1, request);
  }

  members(id: NetworkId): Promise<MemberV1[]> {
    return this.#ask('GET', `${networkPath(id)}/members`, z.array(memberV1));
  }

  member(id: NetworkId, address: Address): Promise<MemberV1> {
    return this.#ask('GET', memberPath(id, address), memberV1);
  }

  changeMember(id: NetworkId, address: Address, patch: MemberPatchV1): Promise<MemberV1> {
    return this.#ask('PATCH', memberPath(id, address), memberV1, patch);
  }

  /** @returns those that it concerned */
  changeMembers(id: NetworkId, command: MembersCommandV1): Promise<MemberV1[]> {
    const { deauthorize = [], delete: forget = [] } = command;
    const path = `${networkPath(id)}/members`;
    return this.#ask('POST', path, z.array(memberV1), command, {
      moreMs: (deauthorize.length + forget.length) * shutOutMs,
      // Who was to be undone and was not is deleted when a page is left.
      outlives: forget.length > 0 && forget.length <= outlivingMax,
    });
  }

  deleteMember(id: NetworkId, address: Address): Promise<void> {
    return this.#ask('DELETE', memberPath(id, address), null);
  }

  invites(id: NetworkId): Promise<InviteV1[]> {
    return this.#ask('GET', `${networkPath(id)}/invites`, z.array(inviteV1));
  }

  createInvite(
    id: NetworkId,
    terms: {
      readonly note: string;
      readonly expiresInMs: number | null;
      readonly uses: number | null;
    },
  ): Promise<NewInviteV1> {
    return this.#ask('POST', `${networkPath(id)}/invites`, newInviteV1, terms);
  }

  revokeInvite(id: NetworkId, invite: string): Promise<void> {
    return this.#ask('DELETE', `${networkPath(id)}/invites/${encodeURIComponent(invite)}`, null);
  }

  /** What whoever holds an invitation may know of it. */
  invitation(id: NetworkId, invitation: string): Promise<InvitationV1> {
    return this.#ask('POST', `${networkPath(id)}/invitation`, invitationV1, { invitation });
  }

  tokens(): Promise<TokenV1[]> {
    return this.#ask('GET', '/tokens', z.array(tokenV1));
  }

  createToken(terms: {
    readonly name: string;
    readonly scopes: TokenV1['scopes'];
    readonly expiresInMs: number | null;
  }): Promise<NewTokenV1> {
    return this.#ask('POST', '/tokens', newTokenV1, terms);
  }

  revokeToken(id: string): Promise<void> {
    return this.#ask('DELETE', `/tokens/${encodeURIComponent(id)}`, null);
  }

  /** The newest first. @param query - `subject`: lines that name this node; `before`: older than the line of this id */
  audit(query: {
    readonly network?: string | null;
    readonly subject?: string | null;
    readonly before?: string | null;
    readonly limit: number;
  }): Promise<AuditEntryV1[]> {
    const parameters = Object.entries(query).flatMap(([name, value]) =>
      value === null ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    return this.#ask('GET', `/audit?${parameters.join('&')}`, z.array(auditEntryV1));
  }

  /** The node itself. */
  node(): Promise<NodeV1> {
    return this.#ask('GET', '/node', nodeV1);
  }

  peers(): Promise<PeerV1[]> {
    return this.#ask('GET', '/node/peers', z.array(peerV1));
  }

  /** Networks that the node has joined. */
  joined(): Promise<JoinedV1[]> {
    return this.#ask('GET', '/node/networks', z.array(joinedV1));
  }

  joinedNetwork(id: NetworkId): Promise<JoinedV1> {
    return this.#ask('GET', joinedPath(id), joinedV1);
  }

  /** By its number, or by an invitation. */
  join(request: JoinRequestV1): Promise<JoinedV1> {
    return this.#ask('POST', '/node/networks', joinedV1, request);
  }

  /** What a network may do to the machine of the node. */
  permit(id: NetworkId, permissions: PermissionsPatchV1): Promise<JoinedV1> {
    return this.#ask('PATCH', joinedPath(id), joinedV1, { permissions });
  }

  leave(id: NetworkId): Promise<void> {
    return this.#ask('DELETE', joinedPath(id), null);
  }

  moons(): Promise<MoonV1[]> {
    return this.#ask('GET', '/node/moons', z.array(moonV1));
  }

  orbit(request: MoonRequestV1): Promise<MoonV1> {
    return this.#ask('POST', '/node/moons', moonV1, request);
  }

  /** @param id - 16 digits, or 10 */
  deorbit(id: string): Promise<void> {
    return this.#ask('DELETE', `/node/moons/${encodeURIComponent(id)}`, null);
  }

  /** What `local.conf` holds. */
  settings(): Promise<SettingsV1> {
    return this.#ask('GET', '/node/settings', settingsV1);
  }

  /** Changes its `settings`. @returns all of `local.conf` */
  changeSettings(settings: SettingsV1): Promise<SettingsV1> {
    return this.#ask('PATCH', '/node/settings', settingsV1, settings);
  }

  /** The last lines of the log, the oldest first. */
  log(limit: number): Promise<LogLineV1[]> {
    return this.#ask('GET', `/node/log?limit=${limit}`, z.array(logLineV1));
  }

  /** Addresses for a new network. */
  freeRange(): Promise<FreeRangeV1> {
    return this.#ask('GET', '/node/free-range', freeRangeV1);
  }

  async #ask(method: string, path: string, schema: null, body?: unknown): Promise<void>;
  async #ask<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
    how?: How,
  ): Promise<T>;
  async #ask<T>(
    method: string,
    path: string,
    schema: z.ZodType<T> | null,
    body?: unknown,
    { revision = null, moreMs = 0, outlives = method === 'DELETE' }: How = {},
  ): Promise<T | undefined> {
    const { origin, token, signal, timeoutMs = 10_000, fetch } = this.#options;
    const { status, text } = await exchange(
      { signal, timeoutMs: timeoutMs + moreMs, fetch, unreachable: notRunning(origin) },
      {
        method,
        url: `${origin}/api/v1${path}`,
        headers: {
          ...(token === null ? {} : { Authorization: `Bearer ${token.reveal()}` }),
          ...(revision === null ? {} : { 'If-Match': `"${revision}"` }),
        },
        body,
        ...(outlives ? { keepalive: true } : {}),
      },
    );
    const value = jsonOf(status, text);
    if (status >= 400) throw refusal(status, value);
    if (schema === null) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw unexpected(escapeText(parsed.error.message.replaceAll('\n', ' '), 300));
  }
}

/** How something is asked. */
interface How {
  /** That it must still have; null: whatever it has. */
  readonly revision?: number | null;
  /** How much longer than usual an answer may take. */
  readonly moreMs?: number;
  /** It is sent also where the page that asks is left; default: what is deleted. */
  readonly outlives?: boolean;
}

function refusal(status: number, value: unknown): Error {
  const said = problemV1.safeParse(value);
  if (!said.success)
    return apiError('API_FAILED', `the daemon has no /api/v1 (status ${status})`, {
      remedy: 'this needs a daemon of Overspan: overspan up',
      details: { status },
    });
  const { code, detail, remedy } = said.data;
  const kind = status === 404 ? 'MANAGEMENT_NOT_FOUND' : 'MANAGEMENT_REFUSED';
  return apiError(kind, `${escapeText(code, 64)}: ${escapeText(detail, 1_024)}`, {
    remedy: escapeText(remedy, 1_024),
    details: { status, code },
  });
}

function networkPath(id: NetworkId): string {
  return `/networks/${formatU64(id)}`;
}

function joinedPath(id: NetworkId): string {
  return `/node/networks/${formatU64(id)}`;
}

function memberPath(id: NetworkId, address: Address): string {
  return `${networkPath(id)}/members/${formatAddress(address)}`;
}
