/** Networks as files: written of one service, and made again on another. */
import type { Backend, MemberView, NetworkView } from '../api/backend/index.ts';
import { rulesFor } from '../api/rules-text.ts';
import type { NetworkFile } from '../api/schema/network-file.ts';
import { parseAddress, parseNetworkId, type NetworkId } from '../base/ids.ts';

/** Reads a network, with its rules and its members. Secrets, invitations and identities are not in it. */
export async function exportNetwork(backend: Backend, id: NetworkId): Promise<NetworkFile> {
  const [network, rules, members] = await Promise.all([
    backend.network(id),
    backend.rules(id),
    backend.members(id),
  ]);
  return {
    format: 'overspan-network',
    version: 1,
    from: { service: backend.kind, network: network.id },
    settings: networkSettingsOf(network),
    rules: { source: rules.source, json: rules.json === null ? null : { ...rules.json } },
    members: members.map((member) => ({
      address: member.address,
      settings: memberSettingsOf(member),
    })),
  };
}

/**
 * Makes a network of a file. Where a part of it is refused the network is taken away again: bans are, where the network is public
 * and the service knows none.
 *
 * @param options - `withMembers`: those that were authorised are, and all keep their names and addresses
 * @returns the new network
 */
export async function importNetwork(
  backend: Backend,
  file: NetworkFile,
  { withMembers }: { readonly withMembers: boolean },
): Promise<NetworkId> {
  const isTheirOwn = file.from.service === backend.kind;
  const rules = rulesFor(backend.kind, file.rules, isTheirOwn);
  const keepsDescriptions = backend.kind !== 'zerotier-one';
  const { description, ...settings } = file.settings;
  // On a private network it keeps out who is not authorised, which who is banned is not.
  const keepsOut = backend.kind !== 'overspan' && settings.isPrivate === true;
  const described = keepsDescriptions && description !== undefined ? { description } : {};
  const made = await backend.createNetwork({ ...settings, ...described });
  const id = parseNetworkId(made.id);
  if (id === null) throw new Error(`the service made no network: ${made.id}`);
  try {
    await backend.setRules(id, rules);
    for (const member of withMembers ? file.members : []) {
      const address = parseAddress(member.address);
      const { description: about, isBanned, ...rest } = member.settings;
      const text = keepsDescriptions && about !== undefined ? { description: about } : {};
      const ban = isBanned === undefined || keepsOut ? {} : { isBanned };
      if (address !== null) await backend.changeMember(id, address, { ...rest, ...text, ...ban });
    }
  } catch (error) {
    // Nobody is in it yet. What went wrong is more than what may go wrong here.
    await backend.deleteNetwork(id).catch(() => undefined);
    throw error;
  }
  return id;
}

function networkSettingsOf(network: NetworkView): NetworkFile['settings'] {
  return {
    name: network.name,
    ...(network.description === null ? {} : { description: network.description }),
    isPrivate: network.isPrivate,
    hasBroadcast: network.hasBroadcast,
    mtu: network.mtu,
    multicastLimit: network.multicastLimit,
    assignsIpv4: network.assignsIpv4,
    assignsIpv6: network.assignsIpv6,
    assignsRfc4193: network.assignsRfc4193,
    assigns6plane: network.assigns6plane,
    routes: [...network.routes],
    pools: [...network.pools],
    dns: { domain: network.dns.domain, servers: [...network.dns.servers] },
  };
}

function memberSettingsOf(member: MemberView): NetworkFile['members'][number]['settings'] {
  return {
    name: member.name,
    isAuthorized: member.isAuthorized,
    ...(member.isBanned ? { isBanned: true } : {}),
    isActiveBridge: member.isActiveBridge,
    noAutoAssignIps: member.noAutoAssignIps,
    ipAssignments: [...member.ipAssignments],
    tags: [...member.tags],
    capabilities: [...member.capabilities],
    ...(member.description === null ? {} : { description: member.description }),
  };
}
