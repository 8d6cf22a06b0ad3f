/** A table of things and what is told of each; on a narrow screen each is a block whose lines say which column they are of. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A column: its heading, and what it shows of a thing. */
export type Column<T> = readonly [title: string, cell: (of: T) => ReactNode];

/**
 * The table.
 *
 * @param label - what screen readers call it
 * @param heading - of the first column, which says which thing a row is of
 * @param nameOf - what the first column shows; no two rows have the same
 */
export function StackedTable<T>({
  label,
  heading,
  nameOf,
  columns,
  rows,
  className = '',
}: {
  readonly label: string;
  readonly heading: string;
  readonly nameOf: (of: T) => string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly className?: string;
}): ReactNode {
  return (
    <Table className={`stacked ${className}`} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {[heading, ...columns.map(([title]) => title)].map((title) => (
            <Table.Th key={title} scope="col">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={nameOf(row)}>
            <Table.Th scope="row">{nameOf(row)}</Table.Th>
            {columns.map(([title, cell]) => (
              <Table.Td key={title} data-head={title}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
