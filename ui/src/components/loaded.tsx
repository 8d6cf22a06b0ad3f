/** What was asked for, or why it is not there: the four states that every part of the page has. */
import { Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';
import { Problem } from './problem.tsx';

/**
 * Shows an answer when it is there. What was shown before stays while it is asked for again, with what is wrong above it.
 *
 * @param empty - what is shown where `isEmpty` says that there is nothing
 */
export function Loaded<T>({
  query,
  isEmpty,
  empty,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly isEmpty?: (data: T) => boolean;
  readonly empty?: ReactNode;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const { data, error, refetch } = query;
  const problem = error !== null && <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return error === null ? <Loading /> : problem;
  return (
    <Stack gap="md">
      {problem}
      {isEmpty?.(data) === true ? empty : children(data)}
    </Stack>
  );
}

/** Stands where something will be. */
export function Loading(): ReactNode {
  return (
    <Stack gap="xs" aria-busy="true">
      <VisuallyHidden>{strings.loading}</VisuallyHidden>
      <Skeleton height={36} />
      <Skeleton height={36} />
      <Skeleton height={36} />
    </Stack>
  );
}

/** Says that there is nothing yet, and what to do about it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Stack align="center" gap="sm" py="xl">
      <Text fw={600}>{title}</Text>
      {children}
    </Stack>
  );
}
