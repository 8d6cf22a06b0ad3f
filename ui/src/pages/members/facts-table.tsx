/** Facts of a member in a table: what, who says so, and when; on narrow screens one below the other. */
import { Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { strings } from '../../strings.ts';
import { hasPath, memberFacts, type Fact } from './member-facts.ts';

const words = strings.members.facts;

/** See the head of this file. */
export function FactsTable({ member }: { readonly member: MemberV1 }): ReactNode {
  const isNarrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false });
  const facts = memberFacts(member);
  return (
    <>
      {isNarrow ? <Narrow facts={facts} /> : <Wide facts={facts} />}
      {member.reports.length === 0 && hasPath(member) && (
        <Text size="xs" c="dimmed">
          {words.noReports}
        </Text>
      )}
    </>
  );
}

function Wide({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <Table verticalSpacing={4} className="facts stacked" aria-label={strings.members.page.known}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{words.what}</Table.Th>
          <Table.Th scope="col">{words.value}</Table.Th>
          <Table.Th scope="col">{words.source}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {facts.map(({ what, value, source, at }) => (
          <Table.Tr key={what}>
            <Table.Th scope="row">{what}</Table.Th>
            <Table.Td className="fact-value">{value}</Table.Td>
            <Table.Td>
              <Source source={source} at={at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Narrow({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="credentials">
      {facts.map(({ what, value, source, at }) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            <span className="line fact-value">{value}</span>
            <span className="member-small">
              <Source source={source} at={at} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
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
