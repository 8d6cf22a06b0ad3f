/** The service that the page is about at the moment: its client, and what it tells by itself. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';

import { ClientV1 } from '../../../src/api/client-v1.ts';
import { takeEvents, type EventsState } from './events.ts';
import type { ServiceEvent } from './service-event.ts';
import { useSessionFetch, type ServiceName } from './session.tsx';

/** A service, and how it is asked. */
export interface Service extends ServiceName {
  readonly client: ClientV1;
  /** Whether it tells of what happens. */
  readonly events: EventsState;
  /** Hears of each event from now on. @returns what ends it */
  readonly listen: (listener: (event: ServiceEvent) => void) => () => void;
}

const ServiceContext = createContext<Service | null>(null);

/** The service. Only below {@link ServiceProvider}. */
export function useService(): Service {
  const service = use(ServiceContext);
  if (service === null) throw new Error('invariant broken: there is a service provider');
  return service;
}

/** Makes one service the one that the page is about. */
export function ServiceProvider({
  name,
  kind,
  children,
}: ServiceName & { readonly children: ReactNode }): ReactNode {
  const ask = useSessionFetch();
  const queries = useQueryClient();
  const [events, setEvents] = useState<EventsState>('connecting');
  const client = useMemo(
    () =>
      new ClientV1({
        origin: `/services/${encodeURIComponent(name)}`,
        token: null,
        fetch: ask,
      }),
    [name, ask],
  );
  const [{ listen, tell }] = useState(listeners);
  useEffect(
    () => takeEvents({ service: name, client, ask, queries, onState: setEvents, onEvent: tell }),
    [name, client, ask, queries, tell],
  );
  const service = useMemo(
    () => ({ name, kind, client, events, listen }),
    [name, kind, client, events, listen],
  );
  return <ServiceContext value={service}>{children}</ServiceContext>;
}

/** Who hears of events. */
function listeners(): Pick<Service, 'listen'> & {
  readonly tell: (event: ServiceEvent) => void;
} {
  const all = new Set<(event: ServiceEvent) => void>();
  return {
    listen: (listener) => {
      all.add(listener);
      return () => {
        all.delete(listener);
      };
    },
    tell: (event) => {
      for (const listener of all) listener(event);
    },
  };
}
