/** Puts a page into its document: how it looks, and what is shown where it fails. */
import { MantineProvider } from '@mantine/core';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

import { ErrorBoundary } from '../components/error-boundary.tsx';
import { theme, variables } from './theme.ts';

/** Starts it. */
export function start(page: ReactNode): void {
  /** Lets styles that are made while the page runs through its policy (`src/gateway/policy.ts`). */
  const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
  // Where the part of the components that keeps the page behind a dialogue still looks for it.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  const root = document.getElementById('root');
  if (root === null) throw new Error('invariant broken: the document has a root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <ErrorBoundary>{page}</ErrorBoundary>
      </MantineProvider>
    </StrictMode>,
  );
}
