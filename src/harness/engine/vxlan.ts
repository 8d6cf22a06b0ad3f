/**
 * The kernel's VXLAN (RFC 7348), unicast point to point: no encryption, no daemon, the least that an overlay can cost.
 *
 * ```
 * inner frame | VXLAN 8 | UDP 8 (port 4789) | IPv4 20 | outer Ethernet 14
 * ```
 */
import { ok, warning } from '../doctor/finding.ts';
import type { LabHost } from '../lab/host.ts';
import { assignAddress, readLink, readRoute } from '../lab/link.ts';
import { kernelCost } from './cost.ts';
import type { Engine, EngineContext, OverlayNetwork, PathFacts } from './engine.ts';
import { otherOf } from './tunnel-network.ts';

const vni = 42;
/** RFC 7348 §5; the kernel's own default is another for the sake of old users. */
const port = 4789;
const link = `vxlan${vni}`;
/** What must fit into an outer packet beside the inner one: outer IPv4 and UDP, VXLAN, inner Ethernet header. */
const overheadBytes = 20 + 8 + 8 + 14;

export const vxlan: Engine = {
  name: 'vxlan',
  summary: 'kernel VXLAN, unicast, without encryption',
  doctor: async (tools) => {
    const words = `ip link add ${link} type vxlan id ${vni} local 127.0.0.1 dstport ${port} dev lo`;
    const failure = await tools.tryInNamespace(words.split(' '));
    return [
      failure === null
        ? ok('engine-vxlan', 'the kernel makes VXLAN links')
        : warning('engine-vxlan', `no VXLAN link: ${failure}`, 'sudo modprobe vxlan'),
    ];
  },
  up: (context) => Promise.resolve(vxlanNetwork(context)),
};

function vxlanNetwork(context: EngineContext): OverlayNetwork {
  const { hosts, subnet, step } = context;
  return {
    join: async (host) => {
      const remote = otherOf(hosts, host);
      const mtuBytes = (await readLink(host, host.underlayInterface)).mtuBytes - overheadBytes;
      const address = subnet.addressOf(host);
      const undo = { kind: 'link', namespace: host.namespace, link } as const;
      await step(`vxlan on ${host.name}`, undo, () =>
        host.ip(
          ...['link', 'add', 'name', link, 'mtu', String(mtuBytes), 'type', 'vxlan'],
          ...['id', String(vni), 'dstport', String(port), 'dev', host.underlayInterface],
          ...['local', host.underlayAddress, 'remote', remote.underlayAddress],
        ),
      );
      await step(`vxlan address of ${host.name}`, null, () =>
        assignAddress(host, link, address, subnet.prefixLength),
      );
      return { address, interface: link, mtuBytes };
    },
    address: (host) => subnet.addressOf(host),
    path: async (from, to) => describePath(from, subnet.addressOf(to)),
    cost: (host) => kernelCost(host, link),
    down: () => context.undo(),
  };
}

async function describePath(from: LabHost, address: string): Promise<PathFacts> {
  const route = await readRoute(from, address);
  const { kind, mtuBytes, tunnel } = await readLink(from, route.interface);
  const underlayInterface = tunnel.link ?? from.underlayInterface;
  const underlay = await readLink(from, underlayInterface);
  return {
    ...route,
    description: `${kind ?? 'link'} ${tunnel.id ?? '?'} over ${underlayInterface}, UDP ${tunnel.port ?? '?'}, MTU ${mtuBytes}`,
    mtuBytes,
    encapsulation: kind,
    underlayInterface,
    underlayMtuBytes: underlay.mtuBytes,
  };
}
