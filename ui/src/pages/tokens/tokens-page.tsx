/** The API tokens of a service: made, shown once, and revoked. */
import '../network/network.css';

import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import type { TokenV1 } from '../../../../src/api/schema/v1.ts';
import { escapeText } from '../../../../src/base/escape.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { useOpener } from '../../components/opener.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { keys } from '../../service/keys.ts';
import { useTokens } from '../../service/network-queries.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { access } from '../../strings/access.ts';
import { strings } from '../../strings.ts';
import { CreateToken } from './create-token.tsx';
import { Ending } from './ending.tsx';

const words = access.tokens;

/** The page. */
export function TokensPage(): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  const opener = useOpener();
  const query = useTokens();
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<TokenV1 | null>(null);
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: keys.tokens(service) });
  const close = (): void => {
    setIsCreating(false);
    setRevoked(null);
    opener.giveBack();
  };
  return (
    <Stack maw={860}>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {strings.nav.tokens}
        </Title>
        <Button
          // A service that has no tokens says so below.
          disabled={query.data === undefined}
          onClick={() => {
            opener.remember();
            setIsCreating(true);
          }}
        >
          {words.create}
        </Button>
      </Group>
      <Text size="sm">{words.about}</Text>
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
              .map((token) => (
                <Token
                  key={token.id}
                  token={token}
                  onRevoke={() => {
                    opener.remember();
                    setRevoked(token);
                  }}
                />
              ))}
          </Stack>
        )}
      </Loaded>
      {isCreating && <CreateToken onMade={() => void again()} onClose={close} />}
      {revoked !== null && (
        <ConfirmDialog
          title={words.revoke(escapeText(revoked.name, 127))}
          text={words.revokeHint}
          action={access.revoke}
          onConfirm={async () => {
            await client.revokeToken(revoked.id);
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

function Token({
  token: { id, name, scopes, createdAt, expiresAt },
  onRevoke,
}: {
  readonly token: TokenV1;
  readonly onRevoke: () => void;
}): ReactNode {
  const shown = escapeText(name, 127);
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={4} className="row-text">
          <Group gap="xs">
            <Text fw={600}>{shown}</Text>
            {scopes.map((scope) => (
              <Badge key={scope} variant="default" className="state">
                {scope}
              </Badge>
            ))}
          </Group>
          <Text size="sm">
            {id}
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
          aria-label={words.revoke(shown)}
          onClick={onRevoke}
        >
          {access.revoke}
        </Button>
      </Group>
    </Card>
  );
}
