/** The members of a network, but for those that are deleted in a moment. */
import '../members/members.css';

import type { ReactNode } from 'react';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useGone } from '../../service/gone.ts';
import { useMembers } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { MemberList } from '../members/member-list.tsx';
import { goneOf } from '../members/use-member-actions.tsx';

/** The tab. */
export function MembersTab({
  id,
  network,
}: {
  readonly id: NetworkId;
  readonly network: NetworkV1;
}): ReactNode {
  const { name: service } = useService();
  const isGone = useGone(goneOf(service, network.id));
  const query = useMembers(id);
  return (
    <Loaded query={query}>
      {(all) => (
        <MemberList
          id={id}
          network={network}
          members={all.filter(({ address }) => !isGone(address))}
        />
      )}
    </Loaded>
  );
}
