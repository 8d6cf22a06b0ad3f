/** Starting a run: paths to a server, or overlays in a lab. What is typed stays while one looks at what came of it. */
import {
  Anchor,
  Button,
  Card,
  Group,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import { invitationOf, runLimits, runLine } from '../../../../src/api/run-request.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { useKept } from '../../components/kept-state.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Problem } from '../../components/problem.tsx';
import { useEngines, useRuns, useRunsClient } from '../../service/runs.ts';
import { strings } from '../../strings.ts';
import { EngineFields, enginesHere } from './engine-fields.tsx';
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
const planNumbers = [
  ['rounds', words.rounds, words.roundsHint],
  ['timeS', words.time, words.timeHint],
  ['requestsPerVisit', words.requests, words.requestsHint],
  ['sizeBytes', words.size, words.sizeHint],
] as const;
/** The same of paths to a server. */
const compareNumbers = [...planNumbers, ['intervalS', words.interval, words.intervalHint]] as const;

/** The form. @param base - of the addresses of this part */
export function RunForm({ base }: { readonly base: string }): ReactNode {
  const { start } = useRunsClient();
  const runs = useRuns();
  const [, go] = useLocation();
  // Not in the browser's store: an invitation is a secret.
  const [kept, keep] = useKept<RunDraft>(draftKey);
  const draft = kept ?? emptyDraft;
  const [isTried, setIsTried] = useState(false);
  const runningId = runs.data?.runningId ?? null;
  const isOfLab = draft.kind === 'characterize';
  const engines = useEngines(isOfLab && runs.data !== undefined && runningId === null);
  const request = requestOf(draft, engines.data === undefined ? [] : enginesHere(engines.data));
  const problems = draftProblems(request);
  const isRefused = isOfLab && engines.data?.refusal !== null;
  const set = (change: Partial<RunDraft>): void => {
    keep({ ...draft, ...change });
  };
  const { mutate, reset, isPending, error } = useMutation({
    mutationFn: async () => {
      const { id } = await start(request);
      go(`${base}/${id}`);
    },
  });
  const submit = (): void => {
    setIsTried(true);
    reset();
    if (problems.isRight) mutate();
    else focusOnFirstProblem();
  };
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
          submit();
        }}
      >
        <Stack>
          <Radio.Group
            label={words.what}
            value={draft.kind}
            onChange={(value) => {
              set({ kind: value });
            }}
          >
            <Stack gap="xs" mt={4}>
              <Radio value="compare" label={words.toServer} description={words.toServerHint} />
              <Radio value="characterize" label={words.inLab} description={words.inLabHint} />
            </Stack>
          </Radio.Group>
          {isOfLab && runningId === null && (
            <Loaded query={engines}>
              {(known) => (
                <EngineFields
                  known={known}
                  chosen={draft.engines}
                  error={textOf(problems, 'engines')}
                  onChange={(chosen) => {
                    set({ engines: chosen });
                  }}
                />
              )}
            </Loaded>
          )}
          {!isOfLab && (
            <>
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
            </>
          )}
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} verticalSpacing="sm">
            {(isOfLab ? planNumbers : compareNumbers).map(([field, label, hint]) => (
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
          {!isOfLab && (
            <Switch
              label={words.calibrates}
              description={words.calibratesHint}
              checked={draft.calibrates}
              onChange={(event) => {
                set({ calibrates: event.currentTarget.checked });
              }}
            />
          )}
          {problems.isRight && (
            <Card withBorder padding="sm">
              <Text size="sm" fw={600} mb={4}>
                {words.command}
              </Text>
              <CopyText
                text={runLine(request, invitationOf(request))}
                label={words.command.toLowerCase()}
              />
            </Card>
          )}
          {error !== null && <Problem error={error} />}
          <Group>
            <Button type="submit" loading={isPending} disabled={runningId !== null || isRefused}>
              {words.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}

const formId = 'run';

/** What is wrong has been marked by the time this runs. */
function focusOnFirstProblem(): void {
  setTimeout(() => {
    document.querySelector<HTMLElement>(`#${formId} [aria-invalid="true"]`)?.focus();
  });
}

function textOf(problems: DraftProblems, field: 'invitation' | 'engines'): string | null {
  const code = problems.of(field);
  return code === null ? null : words.problems[code];
}
