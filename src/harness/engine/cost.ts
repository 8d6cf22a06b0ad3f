/** The cost of an engine on a host: the counters of its link and of the underlay, and what its daemons have used. */
import { processUsage } from '../../sys/process-usage.ts';
import type { Daemon } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import { readLink } from '../lab/link.ts';
import type { Cost } from './engine.ts';

/** Of an engine that lives in the kernel. @param overlayInterface - see {@link daemonCost} */
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

/**
 * Of an engine with daemons.
 *
 * @param overlayInterface - the link that members send into; the underlay's own for an engine that adds nothing
 * @param daemons - of every host; only those of this host count
 */
export async function daemonCost(
  host: LabHost,
  overlayInterface: string,
  daemons: readonly Daemon[],
): Promise<Cost> {
  const usages = daemons
    .filter((daemon) => daemon.host.name === host.name)
    .map(({ pid }) => processUsage(pid));
  return {
    ...(await kernelCost(host, overlayInterface)),
    processCpuNs: sum(usages.map((usage) => usage?.cpuNs ?? null)),
    residentBytes: sum(usages.map((usage) => usage?.residentBytes ?? null)),
  };
}

/** Null where any of them is not known, or there is none. */
function sum(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  return values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}
