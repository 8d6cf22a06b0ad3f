/** What the server of this page says of an invitation (`src/gateway/join-door.ts`), asked for again and again. */
import { useEffect, useState } from 'react';

import { after, asking, type Answer, type InvitationState } from './asking.ts';

/** The state now. @param invitation - null: there is none to ask for */
export function useInvitation(network: string, invitation: string | null): InvitationState {
  const [state, setState] = useState<InvitationState>(asking.state);
  useEffect(() => {
    if (invitation === null) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let now = asking;
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        const answer = await asked(network, invitation, stop.signal).catch(() => null);
        if (stop.signal.aborted) return;
        now = after(now, answer);
        setState(now.state);
      }
      if (now.pauseMs !== null) timer = setTimeout(() => void look(), now.pauseMs);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [network, invitation]);
  return state;
}

async function asked(network: string, invitation: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(`/invitation/${network}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ invitation }),
    signal,
  });
  return { status: response.status, body: (await response.json()) as unknown };
}
