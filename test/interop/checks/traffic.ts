/** Traffic of every kind between members that reach each other directly. */
import type { Check } from '../check.ts';
import { bulkRows, echoRows, groupRows, relayedShare } from '../traffic.ts';
import { must } from '../wait.ts';

/** See the head of this file. */
export const traffic: Check = {
  name: 'traffic',
  run: async (lab, row) => {
    await echoRows(lab, row);
    await groupRows(lab, row);
    await bulkRows(lab, row, 32);
    await row('the root is not in the way', async () => {
      const share = await relayedShare(lab);
      must(share < 0.1, `${(100 * share).toFixed(0)} % crosses the root`);
      return undefined;
    });
  },
};
