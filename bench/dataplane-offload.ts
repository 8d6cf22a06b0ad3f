/**
 * Segmentation offload of the link between two hosts of a lab, on and off.
 *
 * A veth passes a UDP-GSO super-packet (UDP_SEGMENT) or a TSO one through uncut, as no cable does: a sender that uses
 * them looks several times as fast as on a link whose card cannot cut. Off, the kernel cuts before the link.
 */
import type { LabHost } from '../src/harness/lab/index.ts';

export type Offload = 'on' | 'off';

/** Both names of ethtool(8): what is typed, and what is read back. */
const features = [
  ['gso', 'generic-segmentation-offload'],
  ['tso', 'tcp-segmentation-offload'],
  ['tx-udp-segmentation', 'tx-udp-segmentation'],
  ['tx-udp_tnl-segmentation', 'tx-udp_tnl-segmentation'],
  ['tx-udp_tnl-csum-segmentation', 'tx-udp_tnl-csum-segmentation'],
] as const;

/** The largest mean of packets that a link of MTU 1500 can have: a whole frame. */
export const frameBytesMax = 1514;

/** Sets it on both ends of the link and reads it back. @throws where the kernel did not do it */
export async function setOffload(hosts: readonly LabHost[], state: Offload): Promise<void> {
  for (const host of hosts) {
    const words = features.flatMap(([name]) => [name, state]);
    // Receive offload would join again what was cut; a veth has it off unless somebody turned it on.
    await host.run(['ethtool', '-K', host.underlayInterface, ...words, 'gro', 'off']);
    const { stdout } = await host.run(['ethtool', '-k', host.underlayInterface]);
    for (const [, name] of features)
      if (!new RegExp(`^\\s*${name}: ${state}\\b`, 'm').test(stdout))
        throw new Error(`${name} is not ${state} on host ${host.name}:\n${stdout}`);
  }
}
