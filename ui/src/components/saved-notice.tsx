/** Says that something was saved, with the way back; it stays until it is closed. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';

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
  const [isBusy, setIsBusy] = useState(false);
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
            loading={isBusy}
            onClick={() => {
              setIsBusy(true);
              void onUndo().finally(() => {
                setIsBusy(false);
              });
            }}
          >
            {strings.undo}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
