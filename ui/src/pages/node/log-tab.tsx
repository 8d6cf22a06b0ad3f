/** What the node has written down lately. */
import { ScrollArea, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { escapeText } from '../../../../src/base/escape.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { useLog } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The lines. */
export function LogTab(): ReactNode {
  return (
    <Loaded
      query={useLog()}
      isEmpty={(lines) => lines.length === 0}
      empty={<Empty title={words.logEmpty} />}
    >
      {(lines) => (
        <ScrollArea
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': words.logLabel, role: 'region' }}
        >
          <Table className="log">
            <Table.Tbody>
              {lines.map(({ at, level, message, fields }, i) => (
                <Table.Tr key={`${at} ${i}`}>
                  <Table.Td>
                    <time dateTime={new Date(at).toISOString()}>
                      {new Date(at).toLocaleString()}
                    </time>
                  </Table.Td>
                  <Table.Td>{words.levels[level]}</Table.Td>
                  <Table.Td>
                    <Text size="sm" component="span">
                      {escapeText(message)}
                    </Text>{' '}
                    <Text size="xs" c="dimmed" component="span">
                      {Object.entries(fields)
                        .map(([name, value]) => `${name}=${escapeText(String(value))}`)
                        .join(' ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </Loaded>
  );
}
