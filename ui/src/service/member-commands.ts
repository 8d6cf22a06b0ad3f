/** What a person does with members; the answer of the service is shown at once, without waiting for its event. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { MemberPatchV1, MemberV1, MembersCommandV1 } from '../../../src/api/schema/v1.ts';
import { formatU64, type NetworkId } from '../../../src/base/ids.ts';
import { keys } from './keys.ts';
import { knownAddress } from './known-address.ts';
import { withMembers } from './member-list.ts';
import { putAnswer } from './put-answer.ts';
import { useService } from './service.tsx';

/** The commands. They throw what the client throws. */
export interface MemberCommands {
  /** Many with one word. */
  readonly command: (command: MembersCommandV1) => Promise<void>;
  readonly change: (address: string, patch: MemberPatchV1) => Promise<void>;
  /** Who is gone already is gone. What is asked is on its way when this returns. */
  readonly remove: (addresses: readonly string[]) => Promise<void>;
}

/** Of one network. */
export function useMemberCommands(id: NetworkId): MemberCommands {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  return useMemo(() => {
    const network = formatU64(id);
    const take = async (members: readonly MemberV1[]): Promise<void> => {
      await putAnswer<MemberV1[]>(queries, keys.members(service, network), (known) =>
        known === undefined ? known : withMembers(known, members),
      );
      const each = (member: MemberV1): Promise<void> =>
        putAnswer(queries, keys.member(service, network, member.address), () => member);
      await Promise.all(members.map(each));
    };
    return {
      command: async (command) => {
        await take(await client.changeMembers(id, command));
      },
      change: async (address, patch) => {
        await take([await client.changeMember(id, knownAddress(address), patch)]);
      },
      remove: async (addresses) => {
        await client.changeMembers(id, { delete: [...addresses] });
        const gone = new Set(addresses);
        await putAnswer<MemberV1[]>(queries, keys.members(service, network), (known) =>
          known?.filter(({ address }) => !gone.has(address)),
        );
        await queries.invalidateQueries({ queryKey: keys.network(service, network) });
      },
    };
  }, [client, id, queries, service]);
}
