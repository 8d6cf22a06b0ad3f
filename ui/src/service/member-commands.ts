/** What a person does with members; the answer of the service is shown at once, without waiting for its event. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { ClientV1 } from '../../../src/api/client-v1.ts';
import type { MemberPatchV1, MemberV1, MembersCommandV1 } from '../../../src/api/schema/v1.ts';
import { OverspanError } from '../../../src/base/errors.ts';
import { formatU64, type NetworkId } from '../../../src/base/ids.ts';
import { keys } from './keys.ts';
import { knownAddress } from './known-address.ts';
import { withMember, withMembers } from './member-list.ts';
import { useService } from './service.tsx';

/** The commands. They throw what the client throws. */
export interface MemberCommands {
  /** Many with one word. */
  readonly command: (command: MembersCommandV1) => Promise<void>;
  readonly change: (address: string, patch: MemberPatchV1) => Promise<void>;
  /** One after another: there is no word for many. */
  readonly remove: (addresses: readonly string[]) => Promise<void>;
}

/** How long to wait where a service has had enough requests, ms. */
const pauseMs = 200;

/** Of one network. */
export function useMemberCommands(id: NetworkId): MemberCommands {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  return useMemo(() => {
    const network = formatU64(id);
    const take = (members: readonly MemberV1[]): void => {
      queries.setQueryData<MemberV1[]>(keys.members(service, network), (known) =>
        known === undefined ? known : withMembers(known, members),
      );
      for (const member of members)
        queries.setQueryData(keys.member(service, network, member.address), member);
    };
    return {
      command: async (command) => {
        take(await client.changeMembers(id, command));
      },
      change: async (address, patch) => {
        take([await client.changeMember(id, knownAddress(address), patch)]);
      },
      remove: async (addresses) => {
        for (const address of addresses) {
          await deleteOne(client, id, address);
          queries.setQueryData<MemberV1[]>(keys.members(service, network), (known) =>
            known === undefined ? known : withMember(known, address, null),
          );
        }
        await queries.invalidateQueries({ queryKey: keys.network(service, network) });
      },
    };
  }, [client, id, queries, service]);
}

/** Who is gone already is gone. */
async function deleteOne(client: ClientV1, id: NetworkId, address: string): Promise<void> {
  for (;;)
    try {
      await client.deleteMember(id, knownAddress(address));
      return;
    } catch (error) {
      if (error instanceof OverspanError && error.code === 'MANAGEMENT_NOT_FOUND') return;
      if (!(error instanceof OverspanError) || error.details['status'] !== 429) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
}
