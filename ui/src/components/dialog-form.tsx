/** The form of a dialogue: its fields, what went wrong when it was sent, and its two buttons. */
import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';
import { Problem } from './problem.tsx';

/**
 * @param action - the word on the button. @param isReady - false: it cannot be sent as it is. @param onSubmit - does it and closes
 *   the dialogue; what it throws is shown here
 */
export function DialogForm({
  action,
  isReady = true,
  onSubmit,
  onClose,
  children,
}: {
  readonly action: string;
  readonly isReady?: boolean;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { mutate, isPending, error } = useMutation({ mutationFn: onSubmit });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) mutate();
      }}
    >
      <Stack>
        {children}
        {error !== null && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {strings.cancel}
          </Button>
          <Button type="submit" loading={isPending} disabled={!isReady}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
