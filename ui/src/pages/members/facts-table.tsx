/** Facts of a member in a table: what, who says so, and when. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StackedTable, type Column } from '../../components/stacked-table.tsx';
import { strings } from '../../strings.ts';
import { hasPath, memberFacts, type Fact } from './member-facts.ts';

const words = strings.members.facts;

const columns: readonly Column<Fact>[] = [
  [words.value, ({ value }) => value],
  [words.source, ({ source, at }) => <Source source={source} at={at} />],
];

/** See the head of this file. */
export function FactsTable({ member }: { readonly member: MemberV1 }): ReactNode {
  return (
    <>
      <StackedTable
        className="facts"
        label={strings.members.page.known}
        heading={words.what}
        nameOf={({ what }) => what}
        columns={columns}
        rows={memberFacts(member)}
      />
      {member.reports.length === 0 && hasPath(member) && (
        <Text size="xs" c="dimmed">
          {words.noReports}
        </Text>
      )}
    </>
  );
}

function Source({ source, at }: Pick<Fact, 'source' | 'at'>): ReactNode {
  if (at === null) return source;
  return (
    <span>
      {source}, <RelativeTime at={at} />
    </span>
  );
}
