/** Deleting networks: they are gone from the page at once, and from the service when nobody has taken it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { parseNetworkId } from '../../../../src/base/ids.ts';
import { hide, unhide, useGone } from '../../service/gone.ts';
import { keys } from '../../service/keys.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
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
  const { doLater } = useNotices();
  const queries = useQueryClient();
  const isGone = useGone(service);
  const remove = useCallback(
    (network: NetworkV1) => {
      const id = parseNetworkId(network.id);
      if (id === null) return;
      const shown = networkName(network);
      hide(service, [network.id]);
      doLater({
        text: strings.networks.deleteFollows(shown, network.memberCount ?? 0),
        act: async () => {
          await client.deleteNetwork(id);
          await queries.invalidateQueries({ queryKey: keys.networkList(service) });
          unhide(service, [network.id]);
        },
        undo: () => {
          unhide(service, [network.id]);
        },
      });
    },
    [client, doLater, queries, service],
  );
  return { isGone, remove };
}
