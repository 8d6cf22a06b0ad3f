/** Whom the node knows, and how it reaches each. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { PeerV1 } from '../../../../src/api/schema/v1-node.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { usePeers } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** What is shown of each, beside its ID. */
const columns: readonly (readonly [string, (peer: PeerV1) => ReactNode])[] = [
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

/** The list; roots first. On a narrow screen each is a block. */
export function PeersTab(): ReactNode {
  return (
    <Loaded
      query={usePeers()}
      isEmpty={(peers) => peers.length === 0}
      empty={<Empty title={words.peersEmpty} />}
    >
      {(peers) => (
        <Table className="stacked" aria-label={words.peers}>
          <Table.Thead>
            <Table.Tr>
              {[words.peer, ...columns.map(([title]) => title)].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...peers].sort(byRole).map((peer) => (
              <Table.Tr key={peer.address}>
                <Table.Th scope="row">{peer.address}</Table.Th>
                {columns.map(([title, cell]) => (
                  <Table.Td key={title} data-head={title}>
                    {cell(peer)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
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
