/** One run: live while it goes on, its report after. */
import { Anchor, Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import type { RunDetail } from '../../../../src/api/schema/run.ts';
import { exitCodes, OverspanError } from '../../../../src/base/errors.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Problem } from '../../components/problem.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { goesOn, useRun, useRunsClient } from '../../service/runs.ts';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';
import { isOver, useDeleteRun } from './delete-run.ts';
import { LiveRun } from './live-run.tsx';
import { ReportFrame } from './report-frame.tsx';
import { RunStateBadge } from './run-state-badge.tsx';

const words = strings.measure;

/** What can be kept as a file. */
const savedParts = [
  ['report', words.saveReport],
  ['record', words.saveRecord],
] as const;

/** The page. */
export function RunPage({ id, base }: { readonly id: string; readonly base: string }): ReactNode {
  const query = useRun(id);
  const { remove } = useDeleteRun();
  const [, go] = useLocation();
  return (
    <Stack maw={1000}>
      <Anchor component={Link} href={base} size="sm">
        {words.backToList}
      </Anchor>
      <Loaded query={query}>
        {(run) => (
          <>
            <Stack gap={4}>
              <Group gap="sm">
                <PageHeading size="h3" className="run-name">
                  {run.id}
                </PageHeading>
                <RunStateBadge state={run.state} />
                {isOver(run.state) && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      remove(id);
                      go(base);
                    }}
                  >
                    {strings.delete}
                  </Button>
                )}
              </Group>
              <Text size="sm" c="dimmed">
                {words.started} <RelativeTime at={run.startedAtUnixMs} />
              </Text>
            </Stack>
            {goesOn(run.state) ? <LiveRun run={run} /> : <Over run={run} base={base} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Over({ run, base }: { readonly run: RunDetail; readonly base: string }): ReactNode {
  const { id, error, bytes, state } = run;
  const { save } = useRunsClient();
  const { fail } = useNotices();
  const again = (
    <Group>
      <Button component={Link} href={`${base}/new`} variant="default">
        {words.tryAgain}
      </Button>
    </Group>
  );
  if (error !== null)
    return (
      <Stack>
        <Problem error={problemOf(error)} />
        {bytes === 0 && <Text c="dimmed">{words.noRecord}</Text>}
        {again}
      </Stack>
    );
  if (bytes === 0 && state === 'interrupted')
    return (
      <Stack>
        <Alert color="gray" title={words.interruptedEarly} role="status">
          {words.noRecord}
        </Alert>
        {again}
      </Stack>
    );
  if (state === 'growing')
    return (
      <Alert color="blue" title={words.growing} role="status">
        {words.growingHint}
      </Alert>
    );
  return (
    <Stack>
      <Group gap="xs">
        {savedParts.map(([part, text]) => (
          <Button
            key={part}
            size="compact-sm"
            variant="default"
            onClick={() => {
              save(id, part).catch(fail);
            }}
          >
            {text}
          </Button>
        ))}
      </Group>
      <CopyText text={`overspan report ${id}.ndjson -o ${id}.html`} label={words.reportCommand} />
      <ReportFrame id={id} />
    </Stack>
  );
}

function problemOf({ code, message, remedy }: NonNullable<RunDetail['error']>): OverspanError {
  return new OverspanError(code, exitCodes.failed, message, { remedy });
}
