/** Asks before something that cannot be taken back. */
import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';

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
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await onConfirm();
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Text size="sm">{text}</Text>
      {error !== null && <Problem error={error} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {strings.cancel}
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Group>
    </Dialog>
  );
}
