/** Who the node is and where it is reached. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { NodeV1 } from '../../../../src/api/schema/v1-node.ts';
import { allDropReasons } from '../../../../src/core/drop-reasons.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useNode } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The facts. */
export function IdentityTab(): ReactNode {
  return (
    <Loaded query={useNode()}>
      {(node) => (
        <Table className="facts stacked">
          <Table.Tbody>
            {factsOf(node).map(([label, value]) => (
              <Table.Tr key={label}>
                <Table.Th scope="row">{label}</Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Loaded>
  );
}

function factsOf(node: NodeV1): readonly (readonly [string, ReactNode])[] {
  const { planet, drops } = node;
  const dropped = Object.entries(drops ?? {}).filter(([, count]) => count > 0);
  return [
    [words.address, <CopyText key="" text={node.address} label={words.address} />],
    [words.online, node.isOnline ? words.isOnline : words.isOffline],
    [words.version, node.version],
    [words.port, String(node.port)],
    [words.seenAt, lines(node.seenAt)],
    [words.listening, lines(node.listeningOn)],
    [
      words.planet,
      planet.id === null ? (
        strings.unknown
      ) : (
        <>
          {planet.id}
          {planet.timestamp !== null && (
            <>
              , {words.planetMade} <RelativeTime at={planet.timestamp} />
            </>
          )}
        </>
      ),
    ],
    [words.controller, node.hasController ? words.hasController : words.noController],
    [words.home, node.home ?? strings.unknown],
    [
      words.drops,
      drops === null
        ? strings.unknown
        : lines(dropped.map(([reason, count]) => words.dropped(count, reason, meaningOf(reason)))),
    ],
    [words.identity, <CopyText key="" text={node.identity} label={words.identity} />],
  ];
}

/** Null: of a newer node than this page. */
function meaningOf(reason: string): string | null {
  return (allDropReasons as Readonly<Record<string, string>>)[reason] ?? null;
}

function lines(all: readonly string[] | null): ReactNode {
  if (all === null) return strings.unknown;
  if (all.length === 0) return strings.none;
  return all.map((line) => (
    <Text key={line} size="sm">
      {line}
    </Text>
  ));
}
