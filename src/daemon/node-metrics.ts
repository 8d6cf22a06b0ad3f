/**
 * The figures of a node, under the names of the official service where it has them (management.md 6) and `overspan_`
 * where they are ours alone. What is not counted here is left out, and is in docs/api.md.
 */
import { formatU64 } from '../base/ids.ts';
import type { Controller } from '../controller/controller.ts';
import type { Node } from '../core/node.ts';
import type { Networks } from '../core/vl2/networks.ts';
import type { UdpSockets } from '../io/udp/index.ts';
import type { Drive } from './drive.ts';
import type { Metric, Series } from './metrics-text.ts';

/** What figures are taken of. */
export interface MetricSources {
  readonly drive: Drive;
  readonly node: Node;
  readonly networks: Networks;
  readonly udp: Pick<UdpSockets, 'traffic'>;
  /** Null: the node is none. */
  readonly controller: Controller | null;
}

/** All figures as they are now. */
export function nodeMetrics({ drive, node, networks, udp, controller }: MetricSources): Metric[] {
  const now = drive.now();
  const status = node.status(now);
  const views = networks.views(now);
  const { receivedBytes, sentBytes } = udp.traffic;
  return [
    counter(
      'zt_packet',
      'packets by what they are',
      node.verbs.entries().flatMap(({ verb, received, sent }) => {
        const packet_type = verb === 'QOS_MEASUREMENT' ? 'qos' : verb.toLowerCase();
        return [
          { labels: { direction: 'rx', packet_type }, value: received },
          { labels: { direction: 'tx', packet_type }, value: sent },
        ];
      }),
    ),
    counter('zt_data', 'bytes of UDP datagrams', [
      { labels: { direction: 'rx', protocol: 'udp' }, value: receivedBytes },
      { labels: { direction: 'tx', protocol: 'udp' }, value: sentBytes },
    ]),
    gauge('zt_num_networks', 'networks that this node has joined', [{ value: views.length }]),
    gauge(
      'zt_network_multicast_groups_subscribed',
      'multicast groups that are heard on a network',
      views.map(({ id, groups }) => ({
        labels: { network_id: formatU64(id) },
        value: groups.length,
      })),
    ),
    gauge(
      'zt_peer_path_count',
      'paths to a node',
      node.peers(now).flatMap(({ address, paths }) => {
        const alive = paths.filter(({ isActive }) => isActive).length;
        return [
          { labels: { node_id: address, status: 'alive' }, value: alive },
          { labels: { node_id: address, status: 'dead' }, value: paths.length - alive },
        ];
      }),
    ),
    gauge('overspan_online', 'whether a root is reached', [{ value: status.isOnline ? 1 : 0 }]),
    counter(
      'overspan_drops',
      'packets that nothing was done with',
      Object.entries(status.drops).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    ...(controller === null ? [] : controllerMetrics(controller)),
  ];
}

function controllerMetrics(controller: Controller): Metric[] {
  const { counts } = controller;
  const networks = controller.networks();
  const members = networks.reduce(
    (sum, { networkId }) => sum + controller.memberCount(networkId),
    0,
  );
  const one = (value: number): Series[] => [{ value }];
  return [
    gauge('controller_network_count', 'networks of this controller', one(networks.length)),
    gauge('controller_member_count', 'members of its networks', one(members)),
    counter('controller_network_change_count', 'changes of networks', one(counts.networkChanges)),
    counter('controller_member_change_count', 'changes of members', one(counts.memberChanges)),
    counter('controller_member_auth_count', 'members let in', one(counts.authorizations)),
    counter('controller_member_deauth_count', 'members put out', one(counts.deauthorizations)),
    counter(
      'controller_network_config_request',
      'requests for configurations',
      one(counts.configRequests),
    ),
  ];
}

function counter(name: string, help: string, series: readonly Series[]): Metric {
  return { name, help, type: 'counter', series };
}

function gauge(name: string, help: string, series: readonly Series[]): Metric {
  return { name, help, type: 'gauge', series };
}
