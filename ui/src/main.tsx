/** The page starts here. */
import './styles.css';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';

import { SessionProvider } from './service/session.tsx';
import { App } from './shell/app.tsx';
import { NoticesProvider } from './shell/notices.tsx';
import { start } from './shell/start.tsx';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
});

start(
  <QueryClientProvider client={queries}>
    <NoticesProvider>
      <SessionProvider>
        <App />
      </SessionProvider>
    </NoticesProvider>
  </QueryClientProvider>,
);
