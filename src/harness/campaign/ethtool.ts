/**
 * What `ethtool -k DEVICE` says of the offloads that change how packets are cut and checked.
 *
 * ```
 * Features for eth0:
 * tx-checksumming: on
 *         tx-checksum-ipv4: off [fixed]
 * tcp-segmentation-offload: on
 * tx-udp-segmentation: off [fixed]
 * ```
 *
 * Names are the kernel's and ethtool's own (ethtool(8)), whose short forms are tso, gso, gro and lro.
 */

/** Those that make one path's packets unlike another's; the rest of some sixty is left out of a record. */
const cutting: ReadonlySet<string> = new Set([
  'rx-checksumming',
  'tx-checksumming',
  'tcp-segmentation-offload',
  'generic-segmentation-offload',
  'generic-receive-offload',
  'large-receive-offload',
  'tx-udp-segmentation',
  'tx-udp_tnl-segmentation',
]);

/** Reads the output of `ethtool -k`; null where it names none of the offloads we look for. */
export function parseOffloads(output: string): Record<string, boolean> | null {
  const offloads: Record<string, boolean> = {};
  for (const [, name = '', state] of output.matchAll(/^\s*([\w-]+): (on|off)\b/gm)) {
    if (cutting.has(name)) offloads[name] = state === 'on';
  }
  return Object.keys(offloads).length === 0 ? null : offloads;
}
