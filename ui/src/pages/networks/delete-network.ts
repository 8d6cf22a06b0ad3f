/** Deleting networks: they are gone from the page at once, and from the service when nobody has taken it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { parseNetworkId } from '../../../../src/base/ids.ts';
import { useGone } from '../../service/gone.ts';
import { keys } from '../../service/keys.ts';
import { useService } from '../../service/service.tsx';
import { useTakeAway } from '../../shell/take-away.ts';
import { strings } from '../../strings.ts';
import { networkName } from './network-name.ts';

/** What is deleted, and how. */
export interface DeleteNetwork {
  readonly isGone: (id: string) => boolean;
  readonly remove: (network: NetworkV1) => void;
}

/** For the list of networks. */
export function useDeleteNetwork(): DeleteNetwork {
  const { name: service, client } = useService();
  const takeAway = useTakeAway();
  const queries = useQueryClient();
  const isGone = useGone(service);
  const remove = useCallback(
    (network: NetworkV1) => {
      const id = parseNetworkId(network.id);
      if (id === null) return;
      const shown = networkName(network);
      takeAway({
        ...{ of: service, names: [network.id] },
        text: strings.networks.deleteFollows(shown, network.memberCount ?? 0),
        act: async () => {
          await client.deleteNetwork(id);
          await queries.invalidateQueries({ queryKey: keys.networkList(service) });
        },
      });
    },
    [client, queries, service, takeAway],
  );
  return { isGone, remove };
}
