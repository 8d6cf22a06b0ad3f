/** A dialogue over the page. It has a heading of its own: that of the library is a second banner to screen readers. */
import { CloseButton, Group, Modal, Stack } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';

import { strings } from '../strings.ts';
import { focusPage } from './focus.ts';

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
  useFocusBack();
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

/**
 * Gives the focus back to what had it when the dialogue opened; where that is gone, to the page. The library does so for dialogues
 * that are closed and stay: these are taken away.
 */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialogue is gone: until then it holds the focus.
      requestAnimationFrame(() => {
        // What came of the dialogue may have taken it.
        if (document.activeElement !== document.body) return;
        if (opener instanceof HTMLElement) opener.focus();
        if (document.activeElement !== opener || opener === document.body) focusPage();
      });
    },
    [opener],
  );
}
