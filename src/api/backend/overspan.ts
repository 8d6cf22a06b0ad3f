/** Networks of an Overspan daemon, over /api/v1. It tells most: see `docs/api.md`. */
import { OverspanError } from '../../base/errors.ts';
import { formatAddress, type Address, type NetworkId } from '../../base/ids.ts';
import type { ClientV1 } from '../client-v1.ts';
import type {
  MemberPatchV1,
  MembersCommandV1,
  MemberV1,
  NetworkPatchV1,
  NetworkV1,
} from '../schema/v1.ts';
import type { Backend, HeardBy, MemberView, NetworkView, OnMember, RulesText } from './backend.ts';
import { memberUnknown, networkUnknown, noController, serviceLacks } from './problems.ts';

/** See the head of this file. */
export class OverspanBackend implements Backend {
  readonly kind = 'overspan';
  /** For what only an Overspan daemon knows. */
  readonly client: ClientV1;

  constructor(client: ClientV1) {
    this.client = client;
  }

  async networks(): Promise<NetworkView[]> {
    return (await asked(this.client.networks())).map(networkView);
  }

  async network(id: NetworkId): Promise<NetworkView> {
    return networkView(await asked(this.client.network(id), id));
  }

  async createNetwork(change: NetworkPatchV1): Promise<NetworkView> {
    return networkView(await asked(this.client.createNetwork(change)));
  }

  async changeNetwork(id: NetworkId, change: NetworkPatchV1): Promise<NetworkView> {
    return networkView(await asked(this.client.changeNetwork(id, change), id));
  }

  deleteNetwork(id: NetworkId): Promise<void> {
    return asked(this.client.deleteNetwork(id), id);
  }

  async rules(id: NetworkId): Promise<RulesText & { readonly isWritten: boolean }> {
    const { source, isWritten } = await asked(this.client.rules(id), id);
    return { source, json: null, isWritten };
  }

  async setRules(id: NetworkId, { source }: RulesText): Promise<void> {
    if (source === null)
      throw serviceLacks(this.kind, 'takes rules as a source', 'overspan rule decompile makes one');
    await asked(this.client.setRules(id, source), id);
  }

  async members(id: NetworkId): Promise<MemberView[]> {
    return (await asked(this.client.members(id), id)).map(memberView);
  }

  async member(id: NetworkId, address: Address): Promise<MemberView> {
    return memberView(await this.detailedMember(id, address));
  }

  /** With what only an Overspan daemon knows. */
  detailedMember(id: NetworkId, address: Address): Promise<MemberV1> {
    return asked(this.client.member(id, address), id, address);
  }

  async changeMember(id: NetworkId, address: Address, change: MemberPatchV1): Promise<MemberView> {
    return memberView(await asked(this.client.changeMember(id, address, change), id, address));
  }

  authorize(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void> {
    return this.#changeMembers(id, { authorize: addresses.map(formatAddress) }, onMember);
  }

  async deauthorize(
    id: NetworkId,
    addresses: readonly Address[],
    onMember: OnMember,
  ): Promise<void> {
    await this.#checkKnown(id, addresses);
    await this.#changeMembers(id, { deauthorize: addresses.map(formatAddress) }, onMember);
  }

  ban(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void> {
    return this.#changeMembers(id, { ban: addresses.map(formatAddress) }, onMember);
  }

  async unban(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void> {
    await this.#checkKnown(id, addresses);
    await this.#changeMembers(id, { unban: addresses.map(formatAddress) }, onMember);
  }

  async deleteMembers(
    id: NetworkId,
    addresses: readonly Address[],
    onDeleted: (address: Address) => void,
  ): Promise<void> {
    await this.#checkKnown(id, addresses);
    await this.#changeMembers(id, { delete: addresses.map(formatAddress) }, () => undefined);
    addresses.forEach(onDeleted);
  }

  async #changeMembers(
    id: NetworkId,
    command: MembersCommandV1,
    onMember: OnMember,
  ): Promise<void> {
    for (const member of await asked(this.client.changeMembers(id, command), id))
      onMember(memberView(member));
  }

  /** @throws MEMBER_UNKNOWN */
  async #checkKnown(id: NetworkId, addresses: readonly Address[]): Promise<void> {
    const known = new Set((await this.members(id)).map(({ address }) => address));
    for (const address of addresses)
      if (!known.has(formatAddress(address))) throw memberUnknown(id, address);
  }
}

/** The answer; what all services have errors for in their words. */
async function asked<T>(answer: Promise<T>, id?: NetworkId, address?: Address): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const details = error instanceof OverspanError ? error.details : {};
    const said = details['code'];
    if (said === 'CONTROLLER_NETWORK_UNKNOWN' && id !== undefined)
      throw networkUnknown('overspan', id);
    if (said === 'CONTROLLER_MEMBER_UNKNOWN' && id !== undefined && address !== undefined)
      throw memberUnknown(id, address);
    if (said === 'CONTROLLER_NOT_RUNNING') throw noController();
    throw error;
  }
}

function networkView({ memberCounts, ...network }: NetworkV1): NetworkView {
  const counted = Object.values(memberCounts ?? {}).reduce((sum, count) => sum + count, 0);
  return { ...network, memberCount: network.memberCount ?? counted };
}

function memberView(member: MemberV1): MemberView {
  const { heard, path, state, why } = member;
  return {
    network: member.network,
    address: member.address,
    name: member.name,
    description: member.description,
    isAuthorized: member.isAuthorized,
    isBanned: member.isBanned,
    isActiveBridge: member.isActiveBridge,
    noAutoAssignIps: member.noAutoAssignIps,
    ipAssignments: member.ipAssignments,
    tags: member.tags,
    capabilities: member.capabilities,
    state,
    why,
    software: heard.software,
    heard: latest([
      { at: heard.askedAt, by: 'controller' },
      { at: path.heardAt, by: "controller's node" },
    ]),
    authorizedAt: member.authorizedAt,
    deauthorizedAt: member.deauthorizedAt,
    bannedAt: member.bannedAt,
  };
}

function latest(times: readonly { at: number | null; by: HeardBy }[]): MemberView['heard'] {
  let last: MemberView['heard'] = null;
  for (const { at, by } of times)
    if (at !== null && (last === null || at > last.at)) last = { at, by };
  return last;
}
