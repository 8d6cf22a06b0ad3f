/** Things that are made here, shown with their secret once, and revoked: invitations, tokens. The newest is on top. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { useNotices } from '../shell/notices.tsx';
import { access } from '../strings/access.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Empty, Loaded } from './loaded.tsx';

/** What such a thing has. */
interface Revocable {
  readonly id: string;
  readonly createdAt: number;
}

/** The words around them. */
interface RevocableWords<T> {
  readonly create: string;
  readonly empty: string;
  readonly emptyHint: string;
  /** `Revoke laptop` */
  readonly revoke: (item: T) => string;
  readonly revokeHint: string;
  readonly revoked: string;
}

/**
 * The list, its button and its dialogues.
 *
 * @param heading - beside the button. @param about - below it. @param row - a line of a list. @param dialogue - makes one
 * @param onRevoke - revokes one, and has the list asked for again
 */
export function RevocableList<T extends Revocable>({
  query,
  words,
  heading,
  about,
  row,
  dialogue,
  onRevoke,
}: {
  readonly query: UseQueryResult<T[]>;
  readonly words: RevocableWords<T>;
  readonly heading: ReactNode;
  readonly about?: ReactNode;
  readonly row: (item: T, onRevoke: () => void) => ReactNode;
  readonly dialogue: (onClose: () => void) => ReactNode;
  readonly onRevoke: (item: T) => Promise<void>;
}): ReactNode {
  const { say } = useNotices();
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<T | null>(null);
  const close = (): void => {
    setIsCreating(false);
    setRevoked(null);
  };
  return (
    <Stack maw={860}>
      <Group justify="space-between">
        {heading}
        <Button
          // A service that has no such things says so below.
          disabled={query.data === undefined}
          onClick={() => {
            setIsCreating(true);
          }}
        >
          {words.create}
        </Button>
      </Group>
      {about}
      <Loaded
        query={query}
        isEmpty={(all) => all.length === 0}
        empty={
          <Empty title={words.empty}>
            <Text c="dimmed">{words.emptyHint}</Text>
          </Empty>
        }
      >
        {(all) => (
          <Stack component="ul" gap="xs" p={0} m={0}>
            {[...all]
              .sort((a, b) => b.createdAt - a.createdAt)
              .map((item) =>
                row(item, () => {
                  setRevoked(item);
                }),
              )}
          </Stack>
        )}
      </Loaded>
      {isCreating && dialogue(close)}
      {revoked !== null && (
        <ConfirmDialog
          title={words.revoke(revoked)}
          text={words.revokeHint}
          action={access.revoke}
          onConfirm={async () => {
            await onRevoke(revoked);
            say(words.revoked);
            close();
          }}
          onClose={close}
        />
      )}
    </Stack>
  );
}
