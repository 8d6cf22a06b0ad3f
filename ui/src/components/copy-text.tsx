/** A text that is for copying: an id, a command. */
import { Button, Code, Group, Text, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';

import { strings } from '../strings.ts';

/** @param label - what it is, for screen readers */
export function CopyText({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}): ReactNode {
  const { copy, copied, error } = useClipboard();
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the browser does not let the page copy, a person still may.
    if (error !== null && code.current !== null)
      window.getSelection()?.selectAllChildren(code.current);
  }, [error]);
  const word = copied ? strings.copied : strings.copy;
  return (
    <Group gap="xs" wrap="nowrap" className="copy-text">
      <Code ref={code} className="copied">
        {text}
      </Code>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          copy(text);
        }}
        aria-label={`${word} ${label}`}
      >
        {word}
      </Button>
      <VisuallyHidden aria-live="polite">{copied && strings.copied}</VisuallyHidden>
      {error !== null && (
        <Text size="xs" role="alert">
          {strings.copyRefused}
        </Text>
      )}
    </Group>
  );
}
