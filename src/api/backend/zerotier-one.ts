/**
 * Networks of the controller in an official zerotier-one service, over its local API. It tells what is set, and of each member
 * the version it had when it last asked; when that was it does not tell. What its own node hears of a member is no more than
 * that: a node may be there and have left the network.
 */
import type { z } from 'zod';

import type { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import { unexpected, type ApiClient } from '../client.ts';
import type { MemberJson, OwnedNetworkJson } from '../schema/controller.ts';
import type { PeerJson } from '../schema/peer.ts';
import type { MemberPatchV1, NetworkPatchV1 } from '../schema/v1.ts';
import type {
  Backend,
  BackendSurroundings,
  MemberView,
  NetworkView,
  OnMember,
  RulesText,
} from './backend.ts';
import {
  controllerMember,
  controllerNetwork,
  memberChangeOf,
  memberSettingsOf,
  networkChangeOf,
  networkSettingsOf,
} from './controller-shape.ts';
import { Pace, paceLine, revocationGapMs } from './pace.ts';
import { memberUnknown, networkUnknown, noBans, noController, serviceLacks } from './problems.ts';

/** See the head of this file. */
export class ZeroTierOneBackend implements Backend {
  readonly kind = 'zerotier-one';
  readonly #client: ApiClient;
  readonly #say: (line: string) => void;
  readonly #revocations: Pace;

  constructor(client: ApiClient, surroundings: BackendSurroundings) {
    this.#client = client;
    this.#say = surroundings.say;
    this.#revocations = new Pace(surroundings, revocationGapMs);
  }

  async networks(): Promise<NetworkView[]> {
    const owned = await this.#client.ownedNetworks();
    if (owned === null) throw noController();
    return owned.map((network) => networkView(network));
  }

  async network(id: NetworkId): Promise<NetworkView> {
    const members = await this.#client.members(id);
    if (members === null) throw await this.#notOwned(id);
    return networkView(await this.#owned(id), members.length);
  }

  async createNetwork(change: NetworkPatchV1): Promise<NetworkView> {
    refuseDescription(change);
    const none = { assignsIpv6: false, assignsRfc4193: false, assigns6plane: false };
    return networkView(await this.#client.createNetwork(networkChangeOf(change, none)), 0);
  }

  async changeNetwork(id: NetworkId, change: NetworkPatchV1): Promise<NetworkView> {
    refuseDescription(change);
    const current = networkView(await this.#owned(id));
    await this.#setNetwork(id, networkChangeOf(change, current));
    return this.network(id);
  }

  /** Its members are shut out first, one by one: of the revocations that a deletion sends at once a member takes only the first. */
  async deleteNetwork(id: NetworkId): Promise<void> {
    const inside = (await this.#members(id)).filter(({ authorized }) => authorized);
    await this.#shutOut(id, inside, () => undefined);
    await this.#client.deleteNetwork(id);
  }

  async rules(id: NetworkId): Promise<RulesText & { readonly isWritten: boolean }> {
    const { rules, capabilities, tags } = (await this.#owned(id)) as Record<string, unknown>;
    return { source: null, json: { rules, capabilities, tags }, isWritten: false };
  }

  async setRules(id: NetworkId, { json }: RulesText): Promise<void> {
    if (json === null)
      throw serviceLacks(this.kind, 'takes rules as JSON', 'overspan rule compile makes it');
    const { rules, capabilities, tags } = json as {
      rules: readonly unknown[];
      capabilities: never;
      tags: never;
    };
    await this.#setNetwork(id, { rules, capabilities, tags });
  }

  async members(id: NetworkId): Promise<MemberView[]> {
    const [members, peers] = await Promise.all([this.#members(id), this.#client.peers()]);
    return members.map((member) => memberView(id, member, peers));
  }

  async member(id: NetworkId, address: Address): Promise<MemberView> {
    const [member, peers] = await Promise.all([this.#member(id, address), this.#client.peers()]);
    return memberView(id, member, peers);
  }

  async changeMember(id: NetworkId, address: Address, change: MemberPatchV1): Promise<MemberView> {
    if (change.isBanned === true) throw noBans(this.kind);
    refuseDescription(change);
    const current = await this.#client.member(id, address);
    if (current?.authorized === true && change.isAuthorized === false)
      await this.#revocations.turn();
    const level = current?.['remoteTraceLevel'];
    const changed = await this.#client.changeMember(id, address, {
      // A change that does not name it would set it to 0.
      ...(typeof level === 'number' ? { remoteTraceLevel: level } : {}),
      ...memberChangeOf(change),
    });
    if (changed === null) throw await this.#notOwned(id);
    return memberView(id, changed, await this.#client.peers());
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
    await this.#owned(id);
    const members = await Promise.all(addresses.map((address) => this.#member(id, address)));
    await this.#shutOut(id, members, onMember);
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
    const members = await Promise.all(addresses.map((address) => this.#member(id, address)));
    this.#sayPace(members);
    for (const { id: text, authorized } of members) {
      const address = Number.parseInt(text, 16) as Address;
      if (authorized) await this.#revocations.turn();
      await this.#client.deleteMember(id, address);
      onDeleted(address);
    }
  }

  async #shutOut(id: NetworkId, members: readonly MemberJson[], onMember: OnMember): Promise<void> {
    this.#sayPace(members);
    for (const { id: address } of members)
      onMember(
        await this.changeMember(id, Number.parseInt(address, 16) as Address, {
          isAuthorized: false,
        }),
      );
  }

  #sayPace(members: readonly MemberJson[]): void {
    const line = paceLine(members.filter(({ authorized }) => authorized).length);
    if (line !== null) this.#say(line);
  }

  async #setNetwork(
    id: NetworkId,
    change: Parameters<ApiClient['changeNetwork']>[1],
  ): Promise<void> {
    const { remoteTraceLevel } = parsed(controllerNetwork, await this.#owned(id));
    const changed = await this.#client.changeNetwork(id, {
      ...(typeof remoteTraceLevel === 'number' ? { remoteTraceLevel } : {}),
      ...change,
    });
    if (changed === null) throw await this.#notOwned(id);
  }

  async #owned(id: NetworkId): Promise<OwnedNetworkJson> {
    const network = await this.#client.ownedNetwork(id);
    if (network === null) throw await this.#notOwned(id);
    return network;
  }

  async #members(id: NetworkId): Promise<MemberJson[]> {
    const members = await this.#client.members(id);
    if (members === null) throw await this.#notOwned(id);
    return members;
  }

  async #member(id: NetworkId, address: Address): Promise<MemberJson> {
    const member = await this.#client.member(id, address);
    if (member !== null) return member;
    await this.#owned(id);
    throw memberUnknown(id, address);
  }

  async #notOwned(id: NetworkId): Promise<OverspanError> {
    return (await this.#client.ownedNetworks()) === null
      ? noController()
      : networkUnknown(this.kind, id);
  }
}

function refuseDescription({ description }: { readonly description?: string | undefined }): void {
  if (description === undefined) return;
  throw serviceLacks('zerotier-one', 'keeps no descriptions', 'leave it out, or use the name');
}

/** @throws API_FAILED */
function parsed<T>(schema: z.ZodType<T>, json: OwnedNetworkJson | MemberJson): T {
  const found = schema.safeParse(json);
  if (found.success) return found.data;
  const why = escapeText(found.error.message.replaceAll('\n', ' '), 300);
  throw unexpected(`the record of ${json.id}: ${why}`);
}

function networkView(json: OwnedNetworkJson, memberCount: number | null = null): NetworkView {
  const settings = networkSettingsOf(parsed(controllerNetwork, json));
  return { id: json.id, ...settings, description: null, memberCount };
}

function memberView(id: NetworkId, json: MemberJson, peers: readonly PeerJson[]): MemberView {
  const peer = peers.find(({ address }) => address === json.id);
  const heardAt = Math.max(0, ...(peer?.paths ?? []).map(({ lastReceive }) => lastReceive));
  const member = parsed(controllerMember, json);
  const hasAsked = typeof member.identity === 'string' && member.identity !== '';
  return {
    network: formatU64(id),
    address: formatAddress(Number.parseInt(json.id, 16) as Address),
    ...memberSettingsOf(member),
    description: null,
    ...stateOf(),
    heard: heardAt > 0 ? { at: heardAt, by: "controller's node" } : null,
  };

  function stateOf(): Pick<MemberView, 'state' | 'why'> {
    if (!member.authorized) {
      if ((member.lastDeauthorizedTime ?? 0) > 0)
        return { state: 'denied', why: 'it was shut out' };
      return hasAsked
        ? { state: 'waiting', why: 'it has asked before; not authorised' }
        : { state: 'denied', why: 'not authorised; it has never asked' };
    }
    // The controller writes the version at the first request of an authorised member.
    if (member.vMajor < 0)
      return {
        state: 'never-configured',
        why: hasAsked ? 'authorised; it has not asked since' : 'authorised; it has never asked',
      };
    const path =
      heardAt > 0
        ? "its own node hears the member's node, which need not be in the network"
        : "its own node has no direct path to the member's node";
    return {
      state: 'unknown',
      why: `authorised; the official service does not tell when a member asked; ${path}`,
    };
  }
}
