/** A run while it goes on: how far it is, what it shows so far, and how it is stopped. */
import { Button, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import type { RunDetail, RunLivePath } from '../../../../src/api/schema/run.ts';
import { StackedTable, type Column } from '../../components/stacked-table.tsx';
import { useRunsClient } from '../../service/runs.ts';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';
import { LiveCurve } from './live-curve.tsx';
import { figureText, leftText, unitOf } from './live-figures.ts';

const words = strings.measure;

/** The view. */
export function LiveRun({ run }: { readonly run: RunDetail }): ReactNode {
  const { stop } = useRunsClient();
  const { fail } = useNotices();
  const [isStopping, setIsStopping] = useState(false);
  const { progress, live, state } = run;
  const leftNs = state === 'stopping' ? null : (progress?.leftNs ?? null);
  const share = progress === null ? 0 : (100 * progress.visitsDone) / progress.visitsPlanned;
  const measured = live?.paths.filter(({ measuredCount }) => measuredCount > 0) ?? [];
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Stack gap={2}>
          <Text fw={600}>{stateText(run)}</Text>
          <Text size="sm" c="dimmed">
            {leftNs === null ? '\u00a0' : words.left(leftText(leftNs))}
          </Text>
        </Stack>
        <Button
          variant="default"
          disabled={isStopping || state === 'stopping'}
          onClick={() => {
            setIsStopping(true);
            stop(run.id).catch((error: unknown) => {
              setIsStopping(false);
              fail(error);
            });
          }}
        >
          {words.stop}
        </Button>
      </Group>
      <Progress value={share} aria-label={words.progress} size="lg" transitionDuration={200} />
      <Title order={2} size="h4">
        {words.live}
      </Title>
      {measured.length === 0 ? (
        <Text c="dimmed">{words.nothingYet}</Text>
      ) : (
        <>
          <LiveTable paths={live?.paths ?? []} />
          <Text size="sm" c="dimmed">
            {words.liveNote}
          </Text>
          <LiveCurve paths={live?.paths ?? []} />
        </>
      )}
    </Stack>
  );
}

function stateText({ state, engine, progress }: RunDetail): string {
  if (state === 'stopping') return words.stopping;
  if (engine !== null) return words.raising(engine);
  if (progress === null) return words.starting;
  const { phase, round, rounds, path } = progress;
  const what = `${words.phases[phase]}, ${words.roundOf(round + 1, rounds)}`;
  return phase === 'measurement' ? `${what}: ${path}` : what;
}

function LiveTable({ paths }: { readonly paths: readonly RunLivePath[] }): ReactNode {
  const unit = unitOf(paths);
  const columns: readonly Column<RunLivePath>[] = [
    ['p50', ({ p50Ns, needs }) => figureText(p50Ns, unit, needs.p50)],
    ['p99', ({ p99Ns, needs }) => figureText(p99Ns, unit, needs.p99)],
    [words.measured, ({ measuredCount }) => measuredCount.toLocaleString('en')],
    [words.lost, ({ lostCount }) => lostCount.toLocaleString('en')],
  ];
  return (
    <StackedTable
      className="figures"
      label={words.live}
      heading={words.path}
      nameOf={({ label }) => label}
      columns={columns}
      rows={paths}
    />
  );
}
