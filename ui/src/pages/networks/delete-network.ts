/** Deleting networks: they are gone from the page at once, and from the service when nobody has taken it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { parseNetworkId } from '../../../../src/base/ids.ts';
import { keys } from '../../service/keys.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';

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
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const remove = useCallback(
    (network: NetworkV1) => {
      const id = parseNetworkId(network.id);
      if (id === null) return;
      const shown = network.name === '' ? network.id : network.name;
      setGone((ids) => new Set([...ids, network.id]));
      doLater({
        text: strings.networks.deleted(shown),
        act: async () => {
          await client.deleteNetwork(id);
          await queries.invalidateQueries({ queryKey: keys.networkList(service) });
        },
        undo: () => {
          setGone((ids) => new Set([...ids].filter((each) => each !== network.id)));
        },
      });
    },
    [client, doLater, queries, service],
  );
  return { isGone: (id) => gone.has(id), remove };
}
