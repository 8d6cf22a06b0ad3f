/** What happens to a member while somebody looks, the latest first. */
import { Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';

import { RelativeTime } from '../../components/relative-time.tsx';
import { useService } from '../../service/service.tsx';
import { strings } from '../../strings.ts';
import { eventsMax, memberEvent, type MemberEvent } from './member-events.ts';

/** See the head of this file. */
export function EventList({
  network,
  address,
}: {
  readonly network: string;
  readonly address: string;
}): ReactNode {
  const { listen } = useService();
  const [events, setEvents] = useState<readonly (MemberEvent & { readonly key: number })[]>([]);
  useEffect(() => {
    let key = 0;
    return listen((told) => {
      const event = memberEvent(told, network, address);
      if (event === null) return;
      key += 1;
      const keyed = { ...event, key };
      setEvents((known) => [keyed, ...known].slice(0, eventsMax));
    });
  }, [listen, network, address]);
  if (events.length === 0) return <Text size="sm">{strings.members.page.noEvents}</Text>;
  return (
    <div className="events" role="log" aria-label={strings.members.page.events} tabIndex={0}>
      <ul>
        {events.map(({ key, at, text }) => (
          <li key={key}>
            <span className="dim">
              <RelativeTime at={at} />
            </span>{' '}
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
