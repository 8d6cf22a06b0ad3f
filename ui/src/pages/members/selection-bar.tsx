/** What can be done with the members that are selected. */
import { Button, Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { strings } from '../../strings.ts';
import type { MemberActions } from './member-actions.ts';

const words = strings.members;

/** Nothing while none is selected. */
export function SelectionBar({
  selected,
  found,
  actions,
  onSelect,
}: {
  readonly selected: readonly MemberV1[];
  readonly found: readonly MemberV1[];
  readonly actions: MemberActions;
  readonly onSelect: (members: readonly MemberV1[]) => void;
}): ReactNode {
  if (selected.length === 0) return null;
  const mayEnter = selected.some(({ isAuthorized, isBanned }) => !isAuthorized && !isBanned);
  const mayLeave = selected.some(({ isAuthorized }) => isAuthorized);
  const isAnyBanned = selected.some(({ isBanned }) => isBanned);
  return (
    <Paper withBorder p="xs" role="group" aria-label={words.bulk} className="selection-bar">
      <Group gap="xs">
        <Text size="sm" fw={600} role="status">
          {words.selected(selected.length)}
        </Text>
        <Button
          size="compact-sm"
          disabled={!mayEnter}
          onClick={() => {
            actions.authorize(selected);
          }}
        >
          {words.authorize}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!mayLeave}
          onClick={() => {
            actions.remove('deauthorize', selected);
          }}
        >
          {words.deauthorize}
        </Button>
        {actions.canBan && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              actions.remove('ban', selected);
            }}
          >
            {words.ban}
          </Button>
        )}
        {isAnyBanned && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              actions.unban(selected);
            }}
          >
            {words.unban}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            actions.remove('delete', selected);
          }}
        >
          {words.delete}
        </Button>
        {selected.length < found.length && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              onSelect(found);
            }}
          >
            {words.selectFound(found.length)}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            onSelect([]);
          }}
        >
          {words.clear}
        </Button>
      </Group>
    </Paper>
  );
}
