/** What the server of this page says of an invitation (`src/gateway/join-door.ts`), asked for again and again. */
import { useEffect, useState } from 'react';

import type { InvitationV1 } from '../../../src/api/schema/v1.ts';

/** An invitation, and whether its network has roots of its own. */
export type KnownInvitation = InvitationV1 & { readonly hasPlanet: boolean };

/** What is known; a problem in words. */
export type InvitationState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly invitation: KnownInvitation }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** How often it is asked for, ms. */
const everyMs = 1_000;

/** The state now. @param invitation - null: there is none to ask for */
export function useInvitation(network: string, invitation: string | null): InvitationState {
  const [state, setState] = useState<InvitationState>({ kind: 'loading' });
  useEffect(() => {
    if (invitation === null) return undefined;
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        setState(await asked(network, invitation, stop.signal));
      } catch {
        // It is tried again; what was known is shown meanwhile.
      }
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [network, invitation]);
  return state;
}

async function asked(
  network: string,
  invitation: string,
  signal: AbortSignal,
): Promise<InvitationState> {
  const response = await fetch(`/invitation/${network}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ invitation }),
    signal,
  });
  const answer = (await response.json()) as unknown;
  if (response.ok) return { kind: 'known', invitation: answer as KnownInvitation };
  const { detail, remedy } = answer as { detail: string; remedy: string };
  return { kind: 'problem', message: detail, remedy };
}
