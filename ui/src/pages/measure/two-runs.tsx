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
        {[one, other].map((id) => (
          <Stack key={id} component="section" aria-label={id} gap="xs">
            <Title order={2} size="h4" className="run-name">
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
  const ids = runs.map(({ id }) => id);
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': words.twoFigures } }}
    >
      <Table className="figures" captionSide="top">
        <Table.Caption ta="left">{words.twoFigures}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" rowSpan={2}>
              {words.path}
            </Table.Th>
            {runs.map(({ id, startedAtUnixMs }) => (
              <Table.Th key={id} scope="colgroup" colSpan={2}>
                {id} (<RelativeTime at={startedAtUnixMs} />)
              </Table.Th>
            ))}
          </Table.Tr>
          <Table.Tr>
            {ids.flatMap((id) =>
              ['p50', 'p99'].map((metric) => (
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
              {runs.map((run) => {
                const figures = figuresOf(run, label);
                return figures === undefined ? (
                  <Table.Td key={run.id} colSpan={2}>
                    {words.absent}
                  </Table.Td>
                ) : (
                  <Values key={run.id} figures={figures} />
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Values({ figures: { p50, p99 } }: { readonly figures: RunPathFigures }): ReactNode {
  return (
    <>
      <Table.Td>{p50}</Table.Td>
      <Table.Td>{p99}</Table.Td>
    </>
  );
}
