/** What went wrong, and what to do next. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { OverspanError } from '../../../src/base/errors.ts';
import { isLacking } from '../service/lacking.ts';
import { strings } from '../strings.ts';

/** An error in words. */
export interface Explained {
  readonly message: string;
  /** Empty: there is none. */
  readonly remedy: string;
}

/** The words of an error. */
export function explained(error: unknown): Explained {
  if (error instanceof OverspanError) {
    const { code, message, remedy } = error;
    if (code === 'DAEMON_NOT_RUNNING')
      return { message: strings.serverAway, remedy: strings.serverAwayRemedy };
    // The code that the daemon puts first is for programs.
    return { message: message.replace(/^[A-Z][A-Z0-9_]+: /, ''), remedy };
  }
  return { message: error instanceof Error ? error.message : String(error), remedy: '' };
}

/**
 * Shows one in place of what could not be had. What the service does not have is no failure, and trying again would not help.
 *
 * @param retry - the words on the button
 */
export function Problem({
  error,
  retry = strings.tryAgain,
  onRetry,
}: {
  readonly error: unknown;
  readonly retry?: string;
  readonly onRetry?: () => void;
}): ReactNode {
  const { message, remedy } = explained(error);
  if (isLacking(error))
    return (
      <Alert color="gray" title={message} role="note">
        <Text size="sm">{remedy}</Text>
      </Alert>
    );
  return (
    <Alert color="red" title={message} role="alert">
      <Stack gap="xs" align="flex-start">
        {remedy !== '' && <Text size="sm">{remedy}</Text>}
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
