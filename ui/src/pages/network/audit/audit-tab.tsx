/** Who did what to a network, the newest first. */
import '../network.css';

import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { AuditEntryV1 } from '../../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { Empty, Loading } from '../../../components/loaded.tsx';
import { Problem } from '../../../components/problem.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useAudit } from '../../../service/network-queries.ts';
import { audit as words } from '../../../strings/audit.ts';
import { actorText, auditText, changeText } from './audit-text.ts';

/** The tab. */
export function AuditTab({ id }: { readonly id: NetworkId }): ReactNode {
  const query = useAudit(id);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (data === undefined && error === null) return <Loading />;
  const entries = data?.pages.flat() ?? [];
  return (
    <Stack maw={860}>
      <Text size="sm">{words.about}</Text>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {error === null && entries.length === 0 && <Empty title={words.empty} />}
      <Stack component="ol" gap={0} p={0} m={0} className="audit">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </Stack>
      {hasNextPage ? (
        <Group>
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {words.older}
          </Button>
        </Group>
      ) : (
        entries.length > 0 && (
          <Text size="sm" c="dimmed">
            {words.end}
          </Text>
        )
      )}
    </Stack>
  );
}

function Entry({ entry }: { readonly entry: AuditEntryV1 }): ReactNode {
  return (
    <li>
      <Text size="sm" c="dimmed">
        <RelativeTime at={entry.at} />
        {' · '}
        {actorText(entry)}
      </Text>
      <Text className="row-text">{auditText(entry)}</Text>
      {entry.change !== null && entry.change !== undefined && (
        <details className="more">
          <summary>{words.json}</summary>
          <pre className="lines" tabIndex={0} role="region" aria-label={words.json}>
            {changeText(entry)}
          </pre>
        </details>
      )}
    </li>
  );
}
