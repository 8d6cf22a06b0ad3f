/** Going through the pages of a list. */
import { Button, Group, NativeSelect, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { strings } from '../../strings.ts';
import type { Page } from './member-list-view.ts';
import { pageSizes, type ListPlace } from './view-in-url.ts';

const words = strings.members;

/** Nothing where all of it is on one page, of any size. */
export function Pager<T>({
  page: { page, pageCount, start, end },
  count,
  size,
  onChange,
}: {
  readonly page: Page<T>;
  readonly count: number;
  readonly size: ListPlace['size'];
  readonly onChange: (change: Partial<Pick<ListPlace, 'page' | 'size'>>) => void;
}): ReactNode {
  if (count <= pageSizes[0]) return null;
  const step = (label: string, to: number): ReactNode => (
    <Button
      size="compact-sm"
      variant="default"
      disabled={to < 0 || to >= pageCount}
      onClick={() => {
        onChange({ page: to });
      }}
    >
      {label}
    </Button>
  );
  return (
    <Group component="nav" aria-label={words.pages} gap="sm">
      {step(words.previous, page - 1)}
      <Text size="sm" role="status">
        {words.range(start + 1, end, count)}
      </Text>
      {step(words.next, page + 1)}
      <NativeSelect
        size="xs"
        aria-label={words.pageSize}
        data={pageSizes.map((each) => ({
          value: String(each),
          label: `${words.pageSize}: ${each}`,
        }))}
        value={String(size)}
        onChange={(event) => {
          const chosen = Number(event.currentTarget.value);
          onChange({ page: 0, size: pageSizes.find((each) => each === chosen) ?? pageSizes[0] });
        }}
      />
    </Group>
  );
}
