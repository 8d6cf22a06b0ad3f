/** Says what follows before members are shut out or deleted. */
import { Button, Group, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { Dialog } from '../../components/dialog.tsx';
import { strings } from '../../strings.ts';
import { consequences, type Removal } from './consequences.ts';
import { memberNames } from './member-name.ts';

const words = strings.members.follows;

/** The dialogue. */
export function RemovalDialog({
  removal,
  members,
  isPrivate,
  onConfirm,
  onClose,
}: {
  readonly removal: Removal;
  readonly members: readonly MemberV1[];
  readonly isPrivate: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const titles = {
    delete: words.deleteTitle,
    deauthorize: words.deauthorizeTitle,
    ban: words.banTitle,
  };
  const { delete: remove, deauthorize, ban } = strings.members;
  return (
    <Dialog onClose={onClose} title={titles[removal](members.length)}>
      <Stack>
        <Text fw={600} className="fact-value">
          {memberNames(members, words.andMore)}
        </Text>
        <List size="sm" spacing={4}>
          {consequences(removal, members, isPrivate).map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {strings.cancel}
          </Button>
          <Button color="red" data-autofocus onClick={onConfirm}>
            {{ delete: remove, deauthorize, ban }[removal]}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
