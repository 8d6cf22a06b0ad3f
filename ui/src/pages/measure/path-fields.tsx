/** The paths of a comparison: each with a name and where it leads. */
import { Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';

import { runLimits } from '../../../../src/api/run-request.ts';
import type { RunPath } from '../../../../src/api/schema/run.ts';
import { strings } from '../../strings.ts';
import type { DraftProblems } from './run-draft.ts';

const words = strings.measure;

/** @param isTried - whether empty fields are wrong yet */
export function PathFields({
  paths,
  problems,
  isTried,
  onChange,
}: {
  readonly paths: readonly RunPath[];
  readonly problems: DraftProblems;
  readonly isTried: boolean;
  readonly onChange: (paths: readonly RunPath[]) => void;
}): ReactNode {
  const add = useRef<HTMLButtonElement>(null);
  const set = (at: number, change: Partial<RunPath>): void => {
    onChange(paths.map((path, i) => (i === at ? { ...path, ...change } : path)));
  };
  const shown = (
    at: number,
    value: string,
    codes: Parameters<DraftProblems['of']>[2],
  ): string | null => {
    const code = value === '' && !isTried ? null : problems.of('paths', at, codes);
    return code === null ? null : words.problems[code];
  };
  return (
    <Fieldset legend={words.paths} p="sm">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {words.pathsHint}
        </Text>
        {paths.map(({ label, target }, at) => (
          <Group key={at} align="flex-start" gap="xs" className="path-fields">
            <TextInput
              className="path-name"
              label={at === 0 ? words.name : null}
              aria-label={words.pathName(at + 1)}
              autoComplete="off"
              spellCheck={false}
              value={label}
              error={shown(at, label, ['label', 'label-twice'])}
              onChange={(event) => {
                set(at, { label: event.currentTarget.value });
              }}
            />
            <TextInput
              className="path-target"
              label={at === 0 ? words.target : null}
              aria-label={words.pathTarget(at + 1)}
              placeholder={at === 0 ? '192.0.2.7' : '10.147.17.9:8443'}
              autoComplete="off"
              spellCheck={false}
              value={target}
              error={shown(at, target, ['target'])}
              onChange={(event) => {
                set(at, { target: event.currentTarget.value });
              }}
            />
            {paths.length > runLimits.paths.min && (
              <Button
                mt={at === 0 ? 25 : 0}
                variant="default"
                aria-label={words.removePath(at + 1)}
                onClick={() => {
                  onChange(paths.filter((_, i) => i !== at));
                  add.current?.focus();
                }}
              >
                <span aria-hidden="true">×</span>
              </Button>
            )}
          </Group>
        ))}
        {paths.length < runLimits.paths.max && (
          <Group>
            <Button
              ref={add}
              size="compact-sm"
              variant="default"
              onClick={() => {
                onChange([...paths, { label: '', target: '' }]);
              }}
            >
              {words.addPath}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}
