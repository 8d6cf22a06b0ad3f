/** The cost of an engine that lives in the kernel: the counters of its link and of the underlay. */
import type { LabHost } from '../lab/host.ts';
import { readLink } from '../lab/link.ts';
import type { Cost } from './engine.ts';

/** @param overlayInterface - the link that members send into; the underlay's own for an engine that adds nothing */
export async function kernelCost(host: LabHost, overlayInterface: string): Promise<Cost> {
  const overlay = await readLink(host, overlayInterface);
  const underlay =
    overlayInterface === host.underlayInterface
      ? overlay
      : await readLink(host, host.underlayInterface);
  return {
    processCpuNs: null,
    residentBytes: null,
    overlayTxBytes: overlay.txBytes,
    overlayTxPackets: overlay.txPackets,
    underlayTxBytes: underlay.txBytes,
    underlayTxPackets: underlay.txPackets,
  };
}
