/** Asks before something that cannot be taken back. */
import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';
import { Dialog } from './dialog.tsx';
import { Problem } from './problem.tsx';

/** @param action - the word on the button. @param onConfirm - does it; what it throws is shown here */
export function ConfirmDialog({
  title,
  text,
  action,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { mutate, isPending, error } = useMutation({ mutationFn: onConfirm });
  return (
    <Dialog title={title} onClose={onClose}>
      <Text size="sm">{text}</Text>
      {error !== null && <Problem error={error} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {strings.cancel}
        </Button>
        <Button
          color="red"
          loading={isPending}
          onClick={() => {
            mutate();
          }}
        >
          {action}
        </Button>
      </Group>
    </Dialog>
  );
}
