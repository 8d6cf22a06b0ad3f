/** What was done with a member: since when it is known, and the commands about it that were noted. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { AuditEntryV1, MemberV1 } from '../../../../src/api/schema/v1.ts';
import { escapeText } from '../../../../src/base/escape.ts';
import { Problem } from '../../components/problem.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { isLacking } from '../../service/lacking.ts';
import { useMemberAudit } from '../../service/queries.ts';
import { strings } from '../../strings.ts';
import { changedKeys } from './member-history.ts';

const words = strings.members;

/** See the head of this file. */
export function History({ member }: { readonly member: MemberV1 }): ReactNode {
  const { network, address, createdAt } = member;
  const query = useMemberAudit(network, address);
  const entries = query.data ?? [];
  return (
    <>
      {createdAt !== null && (
        <Text size="sm">
          {words.page.created} <RelativeTime at={createdAt} />
        </Text>
      )}
      {query.error !== null && !isLacking(query.error) && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      {isLacking(query.error) && <Text size="sm">{words.page.historyAway}</Text>}
      {query.data !== undefined && entries.length === 0 && (
        <Text size="sm">{words.page.historyNone}</Text>
      )}
      {entries.length > 0 && (
        <div className="events" role="region" aria-label={words.page.history} tabIndex={0}>
          <ul>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Entry({
  entry: { at, actor, action, change },
}: {
  readonly entry: AuditEntryV1;
}): ReactNode {
  const known: Readonly<Record<string, string>> = words.actions;
  const what = changedKeys(change);
  const who = actor.kind === 'local' ? words.page.local : escapeText(actor.name);
  return (
    <li>
      <span className="dim">
        <RelativeTime at={at} />
      </span>{' '}
      {known[action] ?? escapeText(action)} {words.page.by(who)}
      {action === 'member.change' && what !== '' && (
        <span className="line dim">{escapeText(what, 400)}</span>
      )}
    </li>
  );
}
