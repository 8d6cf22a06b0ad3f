/** What was done with a member: since when it is known, and the commands about it that were noted. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { isLacking } from '../../service/lacking.ts';
import { useMemberAudit } from '../../service/queries.ts';
import { strings } from '../../strings.ts';
import { actorText, auditText } from '../network/audit/audit-text.ts';

const words = strings.members.page;

/** See the head of this file. */
export function History({ member }: { readonly member: MemberV1 }): ReactNode {
  const { network, address, createdAt } = member;
  const query = useMemberAudit(network, address);
  return (
    <>
      {createdAt !== null && (
        <Text size="sm">
          {words.created} <RelativeTime at={createdAt} />
        </Text>
      )}
      {isLacking(query.error) ? (
        <Text size="sm">{words.historyAway}</Text>
      ) : (
        <Loaded
          query={query}
          isEmpty={(entries) => entries.length === 0}
          empty={<Text size="sm">{words.historyNone}</Text>}
        >
          {(entries) => (
            <div className="events" role="region" aria-label={words.history} tabIndex={0}>
              <ul>
                {entries.map((entry) => (
                  <li key={entry.id}>
                    <span className="dim">
                      <RelativeTime at={entry.at} />
                      {' · '}
                      {actorText(entry)}
                    </span>
                    <span className="line">{auditText(entry)}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </Loaded>
      )}
    </>
  );
}
