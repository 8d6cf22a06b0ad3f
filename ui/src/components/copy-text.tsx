/** A text that is for copying: an id, a command. */
import { Button, Code, CopyButton, Group } from '@mantine/core';
import type { ReactNode } from 'react';

import { strings } from '../strings.ts';

/** @param label - what it is, for screen readers */
export function CopyText({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}): ReactNode {
  return (
    <Group gap="xs" wrap="nowrap" className="copy-text">
      <Code className="copied">{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="compact-xs"
            variant="default"
            onClick={copy}
            aria-label={`${strings.copy} ${label}`}
          >
            {copied ? strings.copied : strings.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
