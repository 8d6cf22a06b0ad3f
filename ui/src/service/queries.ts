/** What the page asks a service, and under which names the answers are kept. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import type {
  JoinedV1,
  LogLineV1,
  MoonV1,
  NodeV1,
  PeerV1,
  SettingsV1,
} from '../../../src/api/schema/v1-node.ts';
import type { AuditEntryV1, MemberV1, NetworkV1 } from '../../../src/api/schema/v1.ts';
import type { Address, NetworkId } from '../../../src/base/ids.ts';
import { formatAddress, formatU64 } from '../../../src/base/ids.ts';
import { keys } from './keys.ts';
import { noteLatencies } from './latencies.ts';
import { useService } from './service.tsx';

/** How often what changes by itself (when a member was last heard) is asked for again, ms. */
const againMs = 10_000;

/** All networks that are owned. */
export function useNetworks(): UseQueryResult<NetworkV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.networkList(name),
    queryFn: () => client.networks(),
    refetchInterval: againMs,
  });
}

/** One of them. */
export function useNetwork(id: NetworkId): UseQueryResult<NetworkV1> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.network(name, formatU64(id)),
    queryFn: () => client.network(id),
    refetchInterval: againMs,
  });
}

/** Its members, with those who have only asked. */
export function useMembers(id: NetworkId): UseQueryResult<MemberV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.members(name, formatU64(id)),
    queryFn: async () => noteLatencies(name, await client.members(id)),
    refetchInterval: againMs,
  });
}

/** One member. */
export function useMember(id: NetworkId, address: Address): UseQueryResult<MemberV1> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.member(name, formatU64(id), formatAddress(address)),
    queryFn: async () => {
      const member = await client.member(id, address);
      noteLatencies(name, [member]);
      return member;
    },
    refetchInterval: againMs,
  });
}

/** How often what a person waits for is asked for again, ms. */
const soonMs = 1_000;
/** Lines of the log that are shown. */
const logLines = 200;

/** The node itself. */
export function useNode(): UseQueryResult<NodeV1> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.node(name),
    queryFn: () => client.node(),
    refetchInterval: againMs,
  });
}

/** Nodes that it knows. */
export function usePeers(): UseQueryResult<PeerV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.peers(name),
    queryFn: () => client.peers(),
    refetchInterval: againMs,
  });
}

/** Networks that it has joined; asked for often while one of them is waited for. */
export function useJoined(): UseQueryResult<JoinedV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.joined(name),
    queryFn: () => client.joined(),
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ status }) => status !== 'ok') === true ? soonMs : againMs,
  });
}

/** Moons that it follows. */
export function useMoons(): UseQueryResult<MoonV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.moons(name),
    queryFn: () => client.moons(),
    refetchInterval: againMs,
  });
}

/** What `local.conf` holds. */
export function useSettings(): UseQueryResult<SettingsV1> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.settings(name),
    queryFn: () => client.settings(),
    refetchInterval: againMs,
  });
}

/** The last lines of its log. */
export function useLog(): UseQueryResult<LogLineV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.log(name),
    queryFn: () => client.log(logLines),
    refetchInterval: soonMs,
  });
}

/** How many lines of the audit log are shown of one member. */
const auditLinesMax = 200;

/** The last lines of the audit log that name a member of a network. */
export function useMemberAudit(network: string, address: string): UseQueryResult<AuditEntryV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: [...keys.audit(name), network, address],
    queryFn: () => client.audit({ network, subject: address, limit: auditLinesMax }),
  });
}
