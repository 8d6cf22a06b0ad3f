/** The page starts here. */
import './styles.css';

import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { queryClient } from './service/query-client.ts';
import { SessionProvider } from './service/session.tsx';
import { App } from './shell/app.tsx';
import { NoticesProvider } from './shell/notices.tsx';
import { theme, variables } from './shell/theme.ts';

/** Lets styles that are made while the page runs through its policy (`src/gateway/policy.ts`). */
const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
// Where the part of the components that keeps the page behind a dialogue still looks for it.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const queries = queryClient();

const root = document.getElementById('root');
if (root === null) throw new Error('invariant broken: index.html has a root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <NoticesProvider>
          <SessionProvider>
            <App />
          </SessionProvider>
        </NoticesProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
