/** One step of several, and whether it is done: in a sign, and in words for who does not see it. */
import { Group, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';

/** A line of an ordered list. */
export function Step({
  isDone,
  children,
}: {
  readonly isDone: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Group component="li" gap="xs" wrap="nowrap" className="step">
      <Text component="span" aria-hidden="true">
        {isDone ? '✓' : '…'}
      </Text>
      <Text component="span" size="sm">
        {children}
        <VisuallyHidden>{`: ${isDone ? strings.join.stepDone : strings.join.stepWaiting}`}</VisuallyHidden>
      </Text>
    </Group>
  );
}
