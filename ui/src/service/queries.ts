/** What the page asks a service, and under which names the answers are kept. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import type { MemberV1, NetworkV1 } from '../../../src/api/schema/v1.ts';
import type { Address, NetworkId } from '../../../src/base/ids.ts';
import { formatAddress, formatU64 } from '../../../src/base/ids.ts';
import { keys } from './keys.ts';
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
    queryFn: () => client.members(id),
    refetchInterval: againMs,
  });
}

/** One member. */
export function useMember(id: NetworkId, address: Address): UseQueryResult<MemberV1> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.member(name, formatU64(id), formatAddress(address)),
    queryFn: () => client.member(id, address),
    refetchInterval: againMs,
  });
}
