/** Starting a comparison. What is typed stays while one looks at what came of it. */
import {
  Anchor,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import { compareLine, runLimits } from '../../../../src/api/run-request.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { useKept } from '../../components/kept-state.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRuns, useRunsClient } from '../../service/runs.ts';
import { strings } from '../../strings.ts';
import { PathFields } from './path-fields.tsx';
import {
  draftKey,
  draftProblems,
  emptyDraft,
  requestOf,
  type DraftProblems,
  type RunDraft,
} from './run-draft.ts';

const words = strings.measure;

/** Fields that hold a number. */
const numbers = [
  ['rounds', words.rounds, words.roundsHint],
  ['timeS', words.time, words.timeHint],
  ['requestsPerVisit', words.requests, words.requestsHint],
  ['sizeBytes', words.size, words.sizeHint],
  ['intervalS', words.interval, words.intervalHint],
] as const;

/** The form. @param base - of the addresses of this part */
export function RunForm({ base }: { readonly base: string }): ReactNode {
  const { start } = useRunsClient();
  const runs = useRuns();
  const [, go] = useLocation();
  // Not in the browser's store: an invitation is a secret.
  const [kept, keep] = useKept<RunDraft>(draftKey);
  const draft = kept ?? emptyDraft;
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problems = draftProblems(draft);
  const set = (change: Partial<RunDraft>): void => {
    keep({ ...draft, ...change });
  };
  const submit = async (): Promise<void> => {
    setIsTried(true);
    setError(null);
    if (!problems.isRight) {
      focusOnFirstProblem();
      return;
    }
    setIsBusy(true);
    try {
      const { id } = await start(requestOf(draft));
      go(`${base}/${id}`);
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  const runningId = runs.data?.runningId ?? null;
  const request = requestOf(draft);
  return (
    <Stack maw={820}>
      <Anchor component={Link} href={base} size="sm">
        {words.backToList}
      </Anchor>
      <PageHeading>{words.compare}</PageHeading>
      {runs.error !== null && <Problem error={runs.error} onRetry={() => void runs.refetch()} />}
      {runningId !== null && (
        <Text>
          {words.goingOn}{' '}
          <Anchor component={Link} href={`${base}/${runningId}`} inherit>
            {words.watch}
          </Anchor>
        </Text>
      )}
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <PathFields
            paths={draft.paths}
            problems={problems}
            isTried={isTried}
            onChange={(paths) => {
              set({ paths });
            }}
          />
          <TextInput
            label={words.invitation}
            description={words.invitationHint}
            placeholder="ovs1_…"
            autoComplete="off"
            spellCheck={false}
            value={draft.invitation}
            error={textOf(problems, 'invitation')}
            onChange={(event) => {
              set({ invitation: event.currentTarget.value });
            }}
          />
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} verticalSpacing="sm">
            {numbers.map(([field, label, hint]) => (
              <TextInput
                key={field}
                label={label}
                description={hint}
                inputMode="decimal"
                autoComplete="off"
                value={draft[field]}
                error={
                  problems.of(field) === null
                    ? null
                    : words.range(runLimits[field].min, runLimits[field].max)
                }
                onChange={(event) => {
                  set({ [field]: event.currentTarget.value });
                }}
              />
            ))}
          </SimpleGrid>
          <Switch
            label={words.calibrates}
            description={words.calibratesHint}
            checked={draft.calibrates}
            onChange={(event) => {
              set({ calibrates: event.currentTarget.checked });
            }}
          />
          {problems.isRight && (
            <Card withBorder padding="sm">
              <Text size="sm" fw={600} mb={4}>
                {words.command}
              </Text>
              <CopyText
                text={compareLine(request, request.invitation)}
                label={words.command.toLowerCase()}
              />
            </Card>
          )}
          {error !== null && <Problem error={error} />}
          <Group>
            <Button type="submit" loading={isBusy} disabled={runningId !== null}>
              {words.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}

const formId = 'comparison';

/** What is wrong has been marked by the time this runs. */
function focusOnFirstProblem(): void {
  setTimeout(() => {
    document.querySelector<HTMLElement>(`#${formId} [aria-invalid="true"]`)?.focus();
  });
}

function textOf(problems: DraftProblems, field: 'invitation'): string | null {
  const code = problems.of(field);
  return code === null ? null : words.problems[code];
}
