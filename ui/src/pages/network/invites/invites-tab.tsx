/** The invitations of a network: made, shown once, and revoked. */
import '../network.css';

import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import type { InviteV1 } from '../../../../../src/api/schema/v1.ts';
import { formatU64, type NetworkId } from '../../../../../src/base/ids.ts';
import { escapeText } from '../../../../../src/base/escape.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Empty, Loaded } from '../../../components/loaded.tsx';
import { useOpener } from '../../../components/opener.ts';
import { useNow } from '../../../components/now.ts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { keys } from '../../../service/keys.ts';
import { useInvites } from '../../../service/network-queries.ts';
import { useService } from '../../../service/service.tsx';
import { useNotices } from '../../../shell/notices.tsx';
import { access } from '../../../strings/access.ts';
import { Ending } from '../../tokens/ending.tsx';
import { CreateInvite } from './create-invite.tsx';

const words = access.invites;

/** The tab. */
export function InvitesTab({ id }: { readonly id: NetworkId }): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  const opener = useOpener();
  const query = useInvites(id);
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<InviteV1 | null>(null);
  const again = (): Promise<void> =>
    queries.invalidateQueries({ queryKey: keys.invites(service, formatU64(id)) });
  const close = (): void => {
    setIsCreating(false);
    setRevoked(null);
    opener.giveBack();
  };
  return (
    <Stack maw={860}>
      <Group justify="space-between">
        <Text size="sm">{words.about}</Text>
        <Button
          // A service that has no invitations says so below.
          disabled={query.data === undefined}
          onClick={() => {
            opener.remember();
            setIsCreating(true);
          }}
        >
          {words.create}
        </Button>
      </Group>
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
              .map((invite) => (
                <Invite
                  key={invite.id}
                  invite={invite}
                  onRevoke={() => {
                    opener.remember();
                    setRevoked(invite);
                  }}
                />
              ))}
          </Stack>
        )}
      </Loaded>
      {isCreating && <CreateInvite id={id} onMade={() => void again()} onClose={close} />}
      {revoked !== null && (
        <ConfirmDialog
          title={words.revoke(nameOf(revoked))}
          text={words.revokeHint}
          action={access.revoke}
          onConfirm={async () => {
            await client.revokeInvite(id, revoked.id);
            await again();
            say(words.revoked);
            close();
          }}
          onClose={close}
        />
      )}
    </Stack>
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
  const now = useNow();
  const { note, createdAt, expiresAt, usesLeft } = invite;
  const isOpen = invite.isOpen && (expiresAt === null || expiresAt > now);
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
