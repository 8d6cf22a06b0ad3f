/** Two runs side by side: the figures of both in one table, and their reports. */
import { Anchor, Alert, SimpleGrid, Stack, Table, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

import type { RunDetail, RunPathFigures } from '../../../../src/api/schema/run.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useRun } from '../../service/runs.ts';
import { strings } from '../../strings.ts';
import { ReportFrame } from './report-frame.tsx';

const words = strings.measure;

const metrics = ['p50', 'p99'] as const;

/** The page. */
export function TwoRuns({
  ids: [one, other],
  base,
}: {
  readonly ids: readonly [string, string];
  readonly base: string;
}): ReactNode {
  const [first, second] = [useRun(one), useRun(other)];
  return (
    <Stack>
      <Anchor component={Link} href={base} size="sm">
        {words.backToList}
      </Anchor>
      <PageHeading>{words.two}</PageHeading>
      <Alert color="yellow">{words.twoNote}</Alert>
      <Loaded query={first}>
        {(a) => <Loaded query={second}>{(b) => <Figures runs={[a, b]} />}</Loaded>}
      </Loaded>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        {[one, other].map((id, index) => (
          <Stack key={id} component="section" aria-label={id} gap="xs">
            <Title order={2} size="h4" className="run-name">
              {index + 1}.{' '}
              <Anchor component={Link} href={`${base}/${id}`} inherit>
                {id}
              </Anchor>
            </Title>
            <ReportFrame id={id} />
          </Stack>
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Figures({ runs }: { readonly runs: readonly [RunDetail, RunDetail] }): ReactNode {
  const labels = new Set(
    runs.flatMap(({ verdict }) => verdict?.paths.map(({ label }) => label) ?? []),
  );
  const figuresOf = ({ verdict }: RunDetail, path: string): RunPathFigures | undefined =>
    verdict?.paths.find(({ label }) => label === path);
  return (
    <Table className="figures stacked" captionSide="top">
      <Table.Caption ta="left">{words.twoFigures}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" rowSpan={2}>
            {words.path}
          </Table.Th>
          {runs.map(({ id, startedAtUnixMs }, index) => (
            <Table.Th key={id} scope="colgroup" colSpan={2}>
              {index + 1}. {id} (<RelativeTime at={startedAtUnixMs} />)
            </Table.Th>
          ))}
        </Table.Tr>
        <Table.Tr>
          {runs.flatMap(({ id }) =>
            metrics.map((metric) => (
              <Table.Th key={`${id} ${metric}`} scope="col">
                {metric}
              </Table.Th>
            )),
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {[...labels].map((label) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            {runs.flatMap((run, index) => {
              const figures = figuresOf(run, label);
              return metrics.map((metric) => (
                <Table.Td
                  key={`${run.id} ${metric}`}
                  data-head={words.metricOfRun(index + 1, metric)}
                >
                  {figures?.[metric] ?? words.absent}
                </Table.Td>
              ));
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
