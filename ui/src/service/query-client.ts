/** How everything is asked for and kept. */
import { QueryClient } from '@tanstack/react-query';

/** Its server may be this machine: it is asked also where the browser says that there is no network. */
const networkMode = 'always';

export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, networkMode },
      mutations: { retry: false, networkMode },
    },
  });
}
