/** All runs, the newest first, with what came of each; two of them may be chosen. */
import { Anchor, Alert, Button, Card, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import type { RunList, RunSummary } from '../../../../src/api/schema/run.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { goesOn, useRuns } from '../../service/runs.ts';
import { strings } from '../../strings.ts';
import { isOver, useDeleteRun } from './delete-run.ts';
import { RunStateBadge } from './run-state-badge.tsx';

const words = strings.measure;

/** The list. */
export function RunsList({ base }: { readonly base: string }): ReactNode {
  const query = useRuns();
  const { isGone, remove } = useDeleteRun();
  return (
    <Stack gap="md" maw={1000}>
      <Group justify="space-between">
        <PageHeading>{words.title}</PageHeading>
        <Button component={Link} href={`${base}/new`}>
          {words.compare}
        </Button>
      </Group>
      <Text c="dimmed">{words.lead}</Text>
      <Loaded
        query={query}
        isEmpty={({ runs }) => runs.every(({ id }) => isGone(id))}
        empty={
          <Empty title={words.empty}>
            <Text c="dimmed" ta="center" maw={520}>
              {words.emptyHint
                .split('`')
                .map((part, i) => (i % 2 === 1 ? <Code key={part}>{part}</Code> : part))}
            </Text>
          </Empty>
        }
      >
        {({ runs, ...list }) => (
          <Found
            list={{ ...list, runs: runs.filter(({ id }) => !isGone(id)) }}
            base={base}
            onDelete={remove}
          />
        )}
      </Loaded>
    </Stack>
  );
}

function Found({
  list,
  base,
  onDelete,
}: {
  readonly list: RunList;
  readonly base: string;
  readonly onDelete: (id: string) => void;
}): ReactNode {
  const { runs, runningId, directory, leftOutCount } = list;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [, go] = useLocation();
  const here = chosen.filter((id) => runs.some((run) => run.id === id));
  const [one, other] = here;
  return (
    <Stack>
      {runningId !== null && (
        <Alert color="blue" role="status">
          {words.goingOn}{' '}
          <Anchor component={Link} href={`${base}/${runningId}`} inherit>
            {words.watch}
          </Anchor>
        </Alert>
      )}
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          disabled={here.length !== 2}
          onClick={() => {
            if (one !== undefined && other !== undefined) go(`${base}/${one}/beside/${other}`);
          }}
        >
          {words.sideBySide}
        </Button>
        {here.length !== 2 && (
          <Text size="sm" c="dimmed">
            {words.sideBySideHint(here.length)}
          </Text>
        )}
      </Group>
      <Stack component="ul" gap="sm" p={0} m={0}>
        {runs.map((run) => (
          <RunCard
            key={run.id}
            run={run}
            base={base}
            isMeasuring={runningId !== null}
            isChosen={here.includes(run.id)}
            onChoose={(isChosen) => {
              setChosen(isChosen ? [...here, run.id] : here.filter((id) => id !== run.id));
            }}
            onDelete={onDelete}
          />
        ))}
      </Stack>
      <Text size="sm" c="dimmed" className="run-name">
        {words.directory(directory)} {leftOutCount > 0 && words.leftOut(leftOutCount)}
      </Text>
    </Stack>
  );
}

function RunCard({
  run,
  base,
  isMeasuring,
  isChosen,
  onChoose,
  onDelete,
}: {
  readonly run: RunSummary;
  readonly base: string;
  /** Whether any run goes on: no report is made meanwhile. */
  readonly isMeasuring: boolean;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onDelete: (id: string) => void;
}): ReactNode {
  const { id, state, verdict, error, startedAtUnixMs } = run;
  const isWhole = !goesOn(state) && error === null && verdict !== null;
  return (
    <Card component="li" withBorder padding="sm" className="run-card">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Checkbox
          mt={3}
          aria-label={words.choose(id)}
          disabled={!isWhole}
          checked={isChosen}
          onChange={(event) => {
            onChoose(event.currentTarget.checked);
          }}
        />
        <Stack gap={2} miw={0} flex={1}>
          <Anchor component={Link} href={`${base}/${id}`} fw={600} className="run-name">
            {verdict?.headline ?? error?.message ?? (goesOn(state) ? words.watch : id)}
          </Anchor>
          <Text size="sm" c="dimmed" className="run-name">
            {verdict?.task ??
              (goesOn(state) || error !== null ? id : words.verdictPending(isMeasuring))}
          </Text>
          <Group gap="xs">
            <RunStateBadge state={state} />
            <Text size="sm" c="dimmed">
              <RelativeTime at={startedAtUnixMs} />
            </Text>
          </Group>
        </Stack>
        {isOver(state) && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            className="whole"
            aria-label={words.deleteRun(id)}
            onClick={() => {
              onDelete(id);
            }}
          >
            {strings.delete}
          </Button>
        )}
      </Group>
    </Card>
  );
}
