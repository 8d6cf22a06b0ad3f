/**
 * What a service tells by itself (`GET /api/v1/events`), put into what the page holds: one member that changes is asked for alone;
 * where many do, all are asked for again, once.
 */
import type { QueryClient } from '@tanstack/react-query';

import type { ClientV1 } from '../../../src/api/client-v1.ts';
import type { MemberV1 } from '../../../src/api/schema/v1.ts';
import { errorCode } from '../../../src/base/errors.ts';
import { parseAddress, parseNetworkId } from '../../../src/base/ids.ts';
import { followEvents } from './event-stream.ts';
import { keys } from './keys.ts';
import { withMember } from './member-list.ts';
import { pageVisibility } from './page-visibility.ts';
import type { ServiceEvent } from './service-event.ts';
import type { SessionFetch } from './session.tsx';

/** Whether events come: `away` where they do not, and it is being tried again. */
export type EventsState = 'connecting' | 'live' | 'away';

/** How long changes are collected before they are asked for, ms. */
const collectMs = 100;
/** So many members that change at once are asked for one by one. */
const singlesMax = 20;

interface Parts {
  readonly service: string;
  readonly client: ClientV1;
  readonly ask: SessionFetch;
  readonly queries: QueryClient;
  readonly onState: (state: EventsState) => void;
  readonly onEvent: (event: ServiceEvent) => void;
}

/** Listens from now on. @returns what ends it */
export function takeEvents({ service, client, ask, queries, onState, onEvent }: Parts): () => void {
  const changed = new Map<string, Set<string>>();
  let collecting: ReturnType<typeof setTimeout> | undefined;

  const invalidate = (key: readonly unknown[]): void =>
    void queries.invalidateQueries({ queryKey: key });
  const collect = (network: string, address: string): void => {
    const addresses = changed.get(network) ?? new Set();
    changed.set(network, addresses.add(address));
    collecting ??= setTimeout(flush, collectMs);
  };
  const flush = (): void => {
    collecting = undefined;
    for (const [network, addresses] of changed) {
      invalidate(keys.network(service, network));
      invalidate(keys.audit(service));
      if (addresses.size > singlesMax) invalidate(keys.members(service, network));
      else for (const address of addresses) void lookAt(network, address);
    }
    changed.clear();
    invalidate(keys.networkList(service));
  };
  const lookAt = async (network: string, address: string): Promise<void> => {
    const [id, who] = [parseNetworkId(network), parseAddress(address)];
    if (id === null || who === null) return;
    // Undefined: it could not be asked for; then it stays as it was last.
    const member = await client
      .member(id, who)
      .catch((error: unknown) => (errorCode(error) === 'MANAGEMENT_NOT_FOUND' ? null : undefined));
    if (member !== undefined)
      queries.setQueryData<MemberV1[]>(keys.members(service, network), (known) =>
        known === undefined ? known : withMember(known, address, member),
      );
    invalidate(keys.member(service, network, address));
  };
  const on: Readonly<Record<string, (data: Readonly<Record<string, unknown>>) => void>> = {
    network: ({ network }) => {
      invalidate(keys.networkList(service));
      invalidate(keys.network(service, String(network)));
      invalidate(keys.audit(service));
    },
    member: ({ network, address }) => {
      collect(String(network), String(address));
    },
    invite: ({ network }) => {
      invalidate(keys.invites(service, String(network)));
    },
    joined: () => {
      invalidate(keys.joined(service));
    },
    path: () => {
      invalidate(keys.peers(service));
    },
    online: () => {
      invalidate(keys.node(service));
    },
  };
  onState('connecting');
  const end = followEvents(
    {
      open: (init) => ask(`/services/${encodeURIComponent(service)}/api/v1/events`, init),
      onOpen: (wasAway) => {
        onState('live');
        // What happened while nobody listened.
        if (wasAway) invalidate(keys.service(service));
      },
      onAway: () => {
        onState('away');
      },
      onEvent: ({ kind, data }) => {
        const { at, ...rest } = data as Readonly<Record<string, unknown>>;
        on[kind]?.(rest);
        onEvent({ kind, at: Number(at), data: rest });
      },
    },
    pageVisibility,
  );
  return () => {
    end();
    clearTimeout(collecting);
  };
}
