/** A dialogue over the page. It has a heading of its own: that of the library is a second banner to screen readers. */
import { CloseButton, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';

/** Shown as long as it is there. @param isKept - it is closed by its buttons alone, not by a click beside it */
export function Dialog({
  title,
  onClose,
  size,
  isKept = false,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly size?: string;
  readonly isKept?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={size}
      closeOnClickOutside={!isKept}
    >
      <Stack>
        <Group justify="space-between" wrap="nowrap">
          <Modal.Title>{title}</Modal.Title>
          <CloseButton onClick={onClose} aria-label={strings.close} />
        </Group>
        {children}
      </Stack>
    </Modal>
  );
}
