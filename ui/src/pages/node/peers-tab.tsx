/** Whom the node knows, and how it reaches each. */
import { ScrollArea, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { PeerV1 } from '../../../../src/api/schema/v1-node.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { usePeers } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The list; roots first. */
export function PeersTab(): ReactNode {
  return (
    <Loaded
      query={usePeers()}
      isEmpty={(peers) => peers.length === 0}
      empty={<Empty title={words.peersEmpty} />}
    >
      {(peers) => (
        <ScrollArea
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': words.peers, role: 'region' }}
        >
          <Table miw={560}>
            <Table.Thead>
              <Table.Tr>
                {[
                  words.peer,
                  words.role,
                  words.path,
                  words.latency,
                  words.lastHeard,
                  words.version,
                ].map((title) => (
                  <Table.Th key={title} scope="col">
                    {title}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...peers].sort(byRole).map((peer) => (
                <PeerRow key={peer.address} peer={peer} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </Loaded>
  );
}

function PeerRow({ peer }: { readonly peer: PeerV1 }): ReactNode {
  const path = peer.paths.find(({ isPreferred }) => isPreferred) ?? peer.paths[0];
  return (
    <Table.Tr>
      <Table.Th scope="row">{peer.address}</Table.Th>
      <Table.Td>{words.roles[peer.role]}</Table.Td>
      <Table.Td>
        <Text size="sm">{peer.isDirect ? words.direct : words.relayed}</Text>
        {path !== undefined && (
          <Text size="xs" c="dimmed">
            {path.endpoint}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {peer.latencyMs === null ? strings.unknown : strings.members.latencyMs(peer.latencyMs)}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={path?.lastReceivedAt ?? null} />
      </Table.Td>
      <Table.Td>{peer.version ?? strings.unknown}</Table.Td>
    </Table.Tr>
  );
}

const order = { root: 0, moon: 1, leaf: 2 } as const;

function byRole(a: PeerV1, b: PeerV1): number {
  return order[a.role] - order[b.role] || a.address.localeCompare(b.address);
}
