/** The nodes have IPv6 addresses only. */
import type { Check } from '../check.ts';
import { bulkRows, directions, echoRows, relayedShare } from '../traffic.ts';
import { must } from '../wait.ts';

/** See the head of this file. */
export const ipv6Underlay: Check = {
  name: 'IPv6 underlay',
  lab: { underlay: 'ipv6' },
  run: async (lab, row) => {
    await row('paths are IPv6, and direct', async () => {
      for (const [from, to] of directions(lab)) {
        const paths = (await from.peer(to))?.paths ?? [];
        must(
          paths.some(({ address }) => address.startsWith('fd77::')),
          `${from.name} lists ${JSON.stringify(paths)}`,
        );
      }
      const share = await relayedShare(lab);
      must(share < 0.1, `${(100 * share).toFixed(0)} % crosses the root`);
      return undefined;
    });
    await echoRows(lab, row);
    await bulkRows(lab, row, 8);
  },
};
