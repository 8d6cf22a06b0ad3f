/**
 * Networks of an account at ZeroTier Central (API v1). It wraps the objects of a controller; of members it tells when it saw them
 * last. Source: management.md 7; tried against a stub that serves these shapes, not against Central.
 */
import { z } from 'zod';

import { errorCode } from '../../base/errors.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import type { MemberPatchV1, NetworkPatchV1 } from '../schema/v1.ts';
import type {
  Backend,
  BackendSurroundings,
  MemberView,
  NetworkView,
  OnMember,
  RulesText,
} from './backend.ts';
import type { CentralClient } from './central-client.ts';
import {
  controllerMember,
  controllerNetwork,
  memberChangeOf,
  memberSettingsOf,
  networkChangeOf,
  networkSettingsOf,
  timeOf,
} from './controller-shape.ts';
import { Pace, paceLine, revocationGapMs } from './pace.ts';
import { memberUnknown, networkUnknown, noBans } from './problems.ts';

const centralNetwork = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  config: controllerNetwork,
  description: z.string().nullish(),
  rulesSource: z.string().nullish(),
  totalMemberCount: z.number().nullish(),
  capabilitiesByName: z.unknown(),
  tagsByName: z.unknown(),
});
type CentralNetwork = z.infer<typeof centralNetwork>;

const centralMember = z.looseObject({
  nodeId: z.string().regex(/^[0-9a-f]{10}$/),
  config: controllerMember,
  name: z.string().nullish(),
  description: z.string().nullish(),
  clock: z.number().nullish(),
  lastOnline: z.number().nullish(),
  lastSeen: z.number().nullish(),
  clientVersion: z.string().nullish(),
});
type CentralMember = z.infer<typeof centralMember>;

/** Members ask every minute, ms. */
const silentAfterMs = 120_000;

/** See the head of this file. */
export class CentralBackend implements Backend {
  readonly kind = 'central';
  readonly #client: CentralClient;
  readonly #surroundings: BackendSurroundings;
  readonly #revocations: Pace;

  constructor(client: CentralClient, surroundings: BackendSurroundings) {
    this.#client = client;
    this.#surroundings = surroundings;
    // How Central's controllers send revocations was not seen; the members that lose one are the same.
    this.#revocations = new Pace(surroundings, revocationGapMs);
  }

  async networks(): Promise<NetworkView[]> {
    return (await this.#client.ask('GET', '/network', z.array(centralNetwork))).map(networkView);
  }

  async network(id: NetworkId): Promise<NetworkView> {
    return networkView(await this.#network(id));
  }

  async createNetwork(change: NetworkPatchV1): Promise<NetworkView> {
    const none = { assignsIpv6: false, assignsRfc4193: false, assigns6plane: false };
    const body = networkBody(change, none);
    return networkView(await this.#client.ask('POST', '/network', centralNetwork, body));
  }

  async changeNetwork(id: NetworkId, change: NetworkPatchV1): Promise<NetworkView> {
    const body = networkBody(change, await this.network(id));
    return networkView(await this.#postNetwork(id, body));
  }

  async deleteNetwork(id: NetworkId): Promise<void> {
    await owned(this.#client.delete(networkPath(id)), id);
  }

  async rules(id: NetworkId): Promise<RulesText & { readonly isWritten: boolean }> {
    const { rulesSource, config, capabilitiesByName, tagsByName } = await this.#network(id);
    const { rules, capabilities, tags } = config as Record<string, unknown>;
    return {
      source: rulesSource ?? null,
      isWritten: typeof rulesSource === 'string',
      json: { rules, capabilities, tags, capabilitiesByName, tagsByName },
    };
  }

  async setRules(id: NetworkId, { source, json }: RulesText): Promise<void> {
    // Central compiles a source itself.
    const body =
      source !== null
        ? { rulesSource: source }
        : {
            config: {
              rules: json?.['rules'],
              capabilities: json?.['capabilities'],
              tags: json?.['tags'],
            },
          };
    await this.#postNetwork(id, body);
  }

  async members(id: NetworkId): Promise<MemberView[]> {
    const path = `${networkPath(id)}/member`;
    const members = await owned(this.#client.ask('GET', path, z.array(centralMember)), id);
    const view = (member: CentralMember): MemberView => this.#view(id, member);
    return members.map(view).sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  async member(id: NetworkId, address: Address): Promise<MemberView> {
    try {
      return this.#view(id, await this.#client.ask('GET', memberPath(id, address), centralMember));
    } catch (error) {
      if (errorCode(error) !== 'CENTRAL_NOT_FOUND') throw error;
      await this.#network(id);
      throw memberUnknown(id, address);
    }
  }

  async changeMember(id: NetworkId, address: Address, change: MemberPatchV1): Promise<MemberView> {
    if (change.isBanned === true) throw noBans(this.kind);
    const { name, ...config } = memberChangeOf(change);
    const body = {
      ...(name === undefined ? {} : { name }),
      ...(change.description === undefined ? {} : { description: change.description }),
      ...(Object.keys(config).length === 0 ? {} : { config }),
    };
    const path = memberPath(id, address);
    return this.#view(id, await owned(this.#client.ask('POST', path, centralMember, body), id));
  }

  async authorize(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void> {
    for (const address of addresses)
      onMember(await this.changeMember(id, address, { isAuthorized: true }));
  }

  async deauthorize(
    id: NetworkId,
    addresses: readonly Address[],
    onMember: OnMember,
  ): Promise<void> {
    await this.#eachShutOut(id, addresses, async (address) => {
      onMember(await this.changeMember(id, address, { isAuthorized: false }));
    });
  }

  /** One after another, and those who are inside at a pace. @throws MEMBER_UNKNOWN, then nothing was done */
  async #eachShutOut(
    id: NetworkId,
    addresses: readonly Address[],
    shutOut: (address: Address) => Promise<void>,
  ): Promise<void> {
    const known = new Map((await this.members(id)).map((member) => [member.address, member]));
    const members = addresses.map((address) => {
      const member = known.get(formatAddress(address));
      if (member === undefined) throw memberUnknown(id, address);
      return { address, isInside: member.isAuthorized };
    });
    const line = paceLine(members.filter(({ isInside }) => isInside).length);
    if (line !== null) this.#surroundings.say(line);
    for (const { address, isInside } of members) {
      if (isInside) await this.#revocations.turn();
      await shutOut(address);
    }
  }

  ban(): Promise<void> {
    return Promise.reject(noBans(this.kind));
  }

  unban(): Promise<void> {
    return Promise.reject(noBans(this.kind));
  }

  async deleteMembers(
    id: NetworkId,
    addresses: readonly Address[],
    onDeleted: (address: Address) => void,
  ): Promise<void> {
    await this.#eachShutOut(id, addresses, async (address) => {
      await this.#client.delete(memberPath(id, address));
      onDeleted(address);
    });
  }

  #network(id: NetworkId): Promise<CentralNetwork> {
    return owned(this.#client.ask('GET', networkPath(id), centralNetwork), id);
  }

  #postNetwork(id: NetworkId, body: unknown): Promise<CentralNetwork> {
    return owned(this.#client.ask('POST', networkPath(id), centralNetwork, body), id);
  }

  #view(id: NetworkId, json: CentralMember): MemberView {
    const seenAt = timeOf(Math.max(json.lastSeen ?? 0, json.lastOnline ?? 0));
    // Its own clock, where it says it: ours may be off.
    const nowMs = json.clock ?? this.#surroundings.clock.wallMs();
    const settings = memberSettingsOf(json.config);
    return {
      network: formatU64(id),
      address: json.nodeId,
      ...settings,
      name: json.name ?? '',
      description: json.description ?? '',
      software: softwareOf(json.clientVersion) ?? settings.software,
      ...stateOf(json, seenAt, nowMs),
      heard: seenAt === null ? null : { at: seenAt, by: 'ZeroTier Central' },
    };
  }
}

function stateOf(
  { config }: CentralMember,
  seenAt: number | null,
  nowMs: number,
): Pick<MemberView, 'state' | 'why'> {
  const seen =
    seenAt === null
      ? 'Central has never seen it'
      : `Central saw it ${Math.max(0, Math.round((nowMs - seenAt) / 1_000))} s ago`;
  if (!config.authorized) {
    const isOut = (config.lastDeauthorizedTime ?? 0) > 0;
    return isOut
      ? { state: 'denied', why: `it was shut out; ${seen}` }
      : { state: 'waiting', why: `${seen}; not authorised` };
  }
  if (seenAt === null) return { state: 'never-configured', why: `authorised; ${seen}` };
  return nowMs - seenAt <= silentAfterMs
    ? { state: 'ok', why: `authorised; ${seen}` }
    : { state: 'silent', why: `authorised; ${seen}; members ask every minute` };
}

/** @param text - `1.14.1`; Central writes `-1.-1.-1`, or nothing, where it knows none */
function softwareOf(text: string | null | undefined): MemberView['software'] {
  return typeof text === 'string' && /^\d+\.\d+\.\d+$/.test(text)
    ? { version: text, platform: null, isOverspan: null }
    : null;
}

function networkView(json: CentralNetwork): NetworkView {
  return {
    id: json.id,
    ...networkSettingsOf(json.config),
    description: json.description ?? '',
    memberCount: json.totalMemberCount ?? null,
  };
}

function networkBody(
  change: NetworkPatchV1,
  current: Parameters<typeof networkChangeOf>[1],
): Record<string, unknown> {
  const config = networkChangeOf(change, current);
  return {
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(change.description === undefined ? {} : { description: change.description }),
  };
}

/** The answer to a question about a network. @throws NETWORK_NOT_OWNED */
async function owned<T>(answer: Promise<T>, id: NetworkId): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (errorCode(error) === 'CENTRAL_NOT_FOUND') throw networkUnknown('central', id);
    throw error;
  }
}

function networkPath(id: NetworkId): string {
  return `/network/${formatU64(id)}`;
}

function memberPath(id: NetworkId, address: Address): string {
  return `${networkPath(id)}/member/${formatAddress(address)}`;
}
