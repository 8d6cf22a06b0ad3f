/** The page starts here. */
import './styles.css';

import { QueryClientProvider } from '@tanstack/react-query';

import { queryClient } from './service/query-client.ts';
import { SessionProvider } from './service/session.tsx';
import { App } from './shell/app.tsx';
import { NoticesProvider } from './shell/notices.tsx';
import { start } from './shell/start.tsx';

const queries = queryClient();

start(
  <QueryClientProvider client={queries}>
    <NoticesProvider>
      <SessionProvider>
        <App />
      </SessionProvider>
    </NoticesProvider>
  </QueryClientProvider>,
);
