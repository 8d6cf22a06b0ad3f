/** VL2 as the daemon makes it: here without a platform to tell. */
import type { Controller } from '../src/controller/controller.ts';
import { Networks } from '../src/core/vl2/networks.ts';
import type { NetworkLayer } from '../src/core/packet-handler.ts';
import type { FrameQueue } from '../src/core/queues.ts';
import type { Vl1 } from '../src/core/vl1-port.ts';

/** @param controller - the one that the same node is; null: it is none. Asked for late: it is made after this */
export function networkLayer(
  vl1: Vl1,
  frames: FrameQueue,
  controller: () => Controller | null,
): NetworkLayer {
  return new Networks({
    vl1,
    frames,
    wasConfigured: (now, networkId, address) =>
      controller()?.mayUseGroups(now, networkId, address) ?? false,
  });
}
