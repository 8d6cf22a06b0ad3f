/** Whom the node knows, and how it reaches each. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { PeerV1 } from '../../../../src/api/schema/v1-node.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StackedTable, type Column } from '../../components/stacked-table.tsx';
import { usePeers } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** What is shown of each, beside its ID. */
const columns: readonly Column<PeerV1>[] = [
  [words.role, ({ role }) => words.roles[role]],
  [words.path, (peer) => <Path peer={peer} />],
  [
    words.latency,
    ({ latencyMs }) =>
      latencyMs === null ? strings.unknown : strings.members.latencyMs(latencyMs),
  ],
  [words.lastHeard, (peer) => <RelativeTime at={pathOf(peer)?.lastReceivedAt ?? null} />],
  [words.version, ({ version }) => version ?? strings.unknown],
];

/** The list; roots first. */
export function PeersTab(): ReactNode {
  return (
    <Loaded
      query={usePeers()}
      isEmpty={(peers) => peers.length === 0}
      empty={<Empty title={words.peersEmpty} />}
    >
      {(peers) => (
        <StackedTable
          label={words.peers}
          heading={words.peer}
          nameOf={({ address }) => address}
          columns={columns}
          rows={[...peers].sort(byRole)}
        />
      )}
    </Loaded>
  );
}

function Path({ peer }: { readonly peer: PeerV1 }): ReactNode {
  const path = pathOf(peer);
  return (
    <div>
      {peer.isDirect ? words.direct : words.relayed}
      {path !== undefined && (
        <Text size="xs" c="dimmed">
          {path.endpoint}
        </Text>
      )}
    </div>
  );
}

function pathOf({ paths }: PeerV1): PeerV1['paths'][number] | undefined {
  return paths.find(({ isPreferred }) => isPreferred) ?? paths[0];
}

const order = { root: 0, moon: 1, leaf: 2 } as const;

function byRole(a: PeerV1, b: PeerV1): number {
  return order[a.role] - order[b.role] || a.address.localeCompare(b.address);
}
