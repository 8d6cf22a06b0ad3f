/** The invitations of a network: made, shown once, and revoked. */
import '../network.css';

import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { InviteV1 } from '../../../../../src/api/schema/v1.ts';
import { formatU64, type NetworkId } from '../../../../../src/base/ids.ts';
import { escapeText } from '../../../../../src/base/escape.ts';
import { useClock } from '../../../components/clock.ts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { RevocableList } from '../../../components/revocable-list.tsx';
import { keys } from '../../../service/keys.ts';
import { useInvites } from '../../../service/network-queries.ts';
import { useService } from '../../../service/service.tsx';
import { access } from '../../../strings/access.ts';
import { Ending } from '../../tokens/ending.tsx';
import { CreateInvite } from './create-invite.tsx';

const words = access.invites;

/** The tab. */
export function InvitesTab({ id }: { readonly id: NetworkId }): ReactNode {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  const again = (): Promise<void> =>
    queries.invalidateQueries({ queryKey: keys.invites(service, formatU64(id)) });
  return (
    <RevocableList
      query={useInvites(id)}
      words={{ ...words, revoke: (invite) => words.revoke(nameOf(invite)) }}
      heading={<Text size="sm">{words.about}</Text>}
      row={(invite, onRevoke) => <Invite key={invite.id} invite={invite} onRevoke={onRevoke} />}
      dialogue={(onClose) => <CreateInvite id={id} onMade={() => void again()} onClose={onClose} />}
      onRevoke={async (invite) => {
        await client.revokeInvite(id, invite.id);
        await again();
      }}
    />
  );
}

function nameOf({ note, id }: InviteV1): string {
  return note === '' ? id : escapeText(note, 127);
}

function Invite({
  invite,
  onRevoke,
}: {
  readonly invite: InviteV1;
  readonly onRevoke: () => void;
}): ReactNode {
  const { note, createdAt, expiresAt, usesLeft } = invite;
  const isOver = useClock((now) => expiresAt !== null && expiresAt <= now);
  const isOpen = invite.isOpen && !isOver;
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={4} className="row-text">
          <Group gap="xs">
            <Text fw={600}>{note === '' ? words.unnoted : escapeText(note, 127)}</Text>
            <Badge variant="light" color={isOpen ? 'green' : 'gray'} className="state">
              {isOpen ? words.open : words.closed}
            </Badge>
          </Group>
          <Text size="sm">
            {usesLeft === 0 ? words.usedUp : words.usesLeft(usesLeft)}
            {' · '}
            <Ending at={expiresAt} />
            {' · '}
            {access.created} <RelativeTime at={createdAt} />
          </Text>
        </Stack>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          className="whole"
          aria-label={words.revoke(nameOf(invite))}
          onClick={onRevoke}
        >
          {access.revoke}
        </Button>
      </Group>
    </Card>
  );
}
