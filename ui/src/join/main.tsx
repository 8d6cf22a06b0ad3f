/** The page for people who are to join starts here: apart from the web UI, and without anything of it that needs a session. */
import '../styles.css';

import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { theme, variables } from '../shell/theme.ts';
import { InvitedPage } from './invited-page.tsx';

const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';

const root = document.getElementById('root');
if (root === null) throw new Error('invariant broken: join.html has a root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <InvitedPage place={window.location} />
    </MantineProvider>
  </StrictMode>,
);
