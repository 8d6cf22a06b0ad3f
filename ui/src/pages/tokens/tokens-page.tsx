/** The API tokens of a service: made, shown once, and revoked. */
import '../network/network.css';

import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { TokenV1 } from '../../../../src/api/schema/v1.ts';
import { escapeText } from '../../../../src/base/escape.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { RevocableList } from '../../components/revocable-list.tsx';
import { keys } from '../../service/keys.ts';
import { useTokens } from '../../service/network-queries.ts';
import { useService } from '../../service/service.tsx';
import { access } from '../../strings/access.ts';
import { strings } from '../../strings.ts';
import { CreateToken } from './create-token.tsx';
import { Ending } from './ending.tsx';

const words = access.tokens;

/** The page. */
export function TokensPage(): ReactNode {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: keys.tokens(service) });
  return (
    <RevocableList
      query={useTokens()}
      words={{ ...words, revoke: ({ name }) => words.revoke(escapeText(name, 127)) }}
      heading={<PageHeading>{strings.nav.tokens}</PageHeading>}
      about={<Text size="sm">{words.about}</Text>}
      row={(token, onRevoke) => <Token key={token.id} token={token} onRevoke={onRevoke} />}
      dialogue={(onClose) => <CreateToken onMade={() => void again()} onClose={onClose} />}
      onRevoke={async ({ id }) => {
        await client.revokeToken(id);
        await again();
      }}
    />
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
                {words.scopeNames[scope]}
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
