/** What the node has written down lately. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { escapeText } from '../../../../src/base/escape.ts';
import { exactTime } from '../../components/exact-time.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { useLog } from '../../service/queries.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The lines; on a narrow screen each is a block. */
export function LogTab(): ReactNode {
  return (
    <Loaded
      query={useLog()}
      isEmpty={(lines) => lines.length === 0}
      empty={<Empty title={words.logEmpty} />}
    >
      {(lines) => (
        <Table className="log stacked" aria-label={words.logLabel} verticalSpacing={4}>
          <Table.Tbody>
            {lines.map(({ at, level, message, fields }, i) => (
              <Table.Tr key={`${at} ${i}`}>
                <Table.Td className="whole-line">
                  <time dateTime={new Date(at).toISOString()}>{exactTime(at)}</time>
                </Table.Td>
                <Table.Td className="whole-line">{words.levels[level]}</Table.Td>
                <Table.Td>
                  {escapeText(message)}{' '}
                  <Text size="xs" c="dimmed" span>
                    {Object.entries(fields)
                      .map(([name, value]) => `${name}=${escapeText(String(value))}`)
                      .join(' ')}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Loaded>
  );
}
