/** Says that something was saved, with the way back; it stays until it is closed. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';

import { strings } from '../strings.ts';

/**
 * @param isFresh - it was saved just now: whoever did goes on from here
 * @param onUndo - sends what was there before; null: there is no way back any more
 */
export function SavedNotice({
  isFresh,
  text,
  onUndo,
  onClose,
}: {
  readonly isFresh: boolean;
  readonly text: string;
  readonly onUndo: (() => Promise<void>) | null;
  readonly onClose: () => void;
}): ReactNode {
  const undoing = useMutation({ mutationFn: async () => onUndo?.() });
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFresh) place.current?.focus();
  }, [isFresh, text]);
  return (
    <Alert
      ref={place}
      tabIndex={-1}
      role="status"
      color="green"
      withCloseButton
      closeButtonLabel={strings.close}
      onClose={onClose}
    >
      <Group gap="sm">
        <Text size="sm">{text}</Text>
        {onUndo !== null && (
          <Button
            size="compact-sm"
            variant="default"
            loading={undoing.isPending}
            onClick={() => {
              undoing.mutate();
            }}
          >
            {strings.undo}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
