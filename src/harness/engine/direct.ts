/** No overlay: the underlay itself, beside which every overlay is measured. */
import { readLink, readRoute } from '../lab/link.ts';
import { kernelCost } from './cost.ts';
import type { Engine } from './engine.ts';

export const direct: Engine = {
  name: 'direct',
  summary: 'the underlay itself, without an overlay',
  doctor: () => Promise.resolve([]),
  up: (context) =>
    Promise.resolve({
      join: async (host) => ({
        address: host.underlayAddress,
        interface: host.underlayInterface,
        mtuBytes: (await readLink(host, host.underlayInterface)).mtuBytes,
      }),
      address: (host) => host.underlayAddress,
      path: async (from, to) => {
        const route = await readRoute(from, to.underlayAddress);
        const { kind, mtuBytes } = await readLink(from, route.interface);
        return {
          ...route,
          description: `${kind ?? 'link'} ${route.interface}, MTU ${mtuBytes}`,
          mtuBytes,
          encapsulation: null,
          underlayInterface: route.interface,
          underlayMtuBytes: mtuBytes,
        };
      },
      cost: (host) => kernelCost(host, host.underlayInterface),
      down: () => context.undo(),
    }),
};
