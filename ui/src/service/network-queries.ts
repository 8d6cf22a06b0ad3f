/** What the page asks a service about the running of a network: rules, invitations, what was done; and about API tokens. */
import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';

import type { AuditEntryV1, InviteV1, TokenV1 } from '../../../src/api/schema/v1.ts';
import { formatU64, type NetworkId } from '../../../src/base/ids.ts';
import { keys } from './keys.ts';
import { readRules, type ReadRules } from './rules.ts';
import { useService } from './service.tsx';

/** How often what somebody else may change is asked for again, ms. */
const againMs = 10_000;
/** Lines of the audit log that are asked for at once. */
const auditLines = 50;

/** The rules of a network. */
export function useRules(id: NetworkId): UseQueryResult<ReadRules> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.rules(name, formatU64(id)),
    queryFn: () => readRules(client, id),
    refetchInterval: againMs,
  });
}

/** Invitations to a network. */
export function useInvites(id: NetworkId): UseQueryResult<InviteV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.invites(name, formatU64(id)),
    queryFn: () => client.invites(id),
    refetchInterval: againMs,
  });
}

/** What was done to a network, the newest first; older lines when they are asked for. */
export function useAudit(
  id: NetworkId,
): UseInfiniteQueryResult<InfiniteData<AuditEntryV1[], string | null>> {
  const { name, client } = useService();
  const network = formatU64(id);
  return useInfiniteQuery({
    queryKey: [...keys.audit(name), network],
    queryFn: ({ pageParam: before }) => client.audit({ network, before, limit: auditLines }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) =>
      page.length < auditLines ? undefined : (page.at(-1)?.id ?? undefined),
  });
}

/** API tokens, without the tokens themselves. */
export function useTokens(): UseQueryResult<TokenV1[]> {
  const { name, client } = useService();
  return useQuery({
    queryKey: keys.tokens(name),
    queryFn: () => client.tokens(),
    refetchInterval: againMs,
  });
}
