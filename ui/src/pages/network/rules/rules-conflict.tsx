/** Rules that somebody else has written while one was writing: what is different, and whose are to be kept. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { rules as words } from '../../../strings/rules.ts';
import { lineChange } from './text-place.ts';

/** Lines of each kind that are shown. */
const shownMax = 12;

/** @param before - what was read when writing began. @param after - what is there by now */
export function RulesConflict({
  before,
  after,
  onKeep,
  onTake,
}: {
  readonly before: string;
  readonly after: string;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}): ReactNode {
  const change = lineChange(before, after);
  const lines = (sign: string, list: readonly string[]): string[] => [
    ...list.slice(0, shownMax).map((line) => `${sign} ${line}`),
    ...(list.length > shownMax ? [`${sign} …`] : []),
  ];
  return (
    <Alert color="yellow" title={words.conflict.title} role="alert">
      <Stack gap="xs">
        {change !== null && (
          <>
            <Text size="sm">{words.conflict.where(change.line)}</Text>
            <pre className="lines" tabIndex={0} role="region" aria-label={words.conflict.title}>
              {[...lines('-', change.removed), ...lines('+', change.added)].join('\n')}
            </pre>
          </>
        )}
        <Group>
          <Button size="compact-sm" variant="default" onClick={onKeep}>
            {words.conflict.keep}
          </Button>
          <Button size="compact-sm" variant="default" onClick={onTake}>
            {words.conflict.take}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
